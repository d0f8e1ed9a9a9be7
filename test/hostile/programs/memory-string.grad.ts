// Ends: stopped memory or failed /Invalid string length/
// Limits: memory 150 time 5000
let s = "some text";
const parts: string[] = [];
for (let i = 0; ; i++) { s = s + s; parts.push(s + i); }
