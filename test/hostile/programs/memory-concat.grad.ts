// Ends: stopped memory or failed /./
// Limits: memory 150 time 5000
let list: number[] = [1];
for (;;) list = list.concat(list);
