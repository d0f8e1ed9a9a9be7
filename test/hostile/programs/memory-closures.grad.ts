// Ends: stopped memory
// Limits: memory 100 time 20000
let f: any = () => 0;
for (;;) { const g = f; f = () => g; }
