// Ends: stopped time or stopped memory or failed /Invalid string length/
// Limits: time 400
const list: number[] = [];
list[2 ** 32 - 2] = 1;
print(list.join("-").length);
