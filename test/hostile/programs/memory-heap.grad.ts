// Ends: stopped memory
// Limits: memory 100 time 20000
const kept: any[] = [];
for (let i = 0; ; i++) kept.push({ i, text: "x" + i });
