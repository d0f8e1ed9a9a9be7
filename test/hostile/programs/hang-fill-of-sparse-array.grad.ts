// Ends: stopped time or stopped memory or failed /memory|length/
// Limits: memory 300 time 400
const list = new Array(2 ** 32 - 1);
list.fill(0);
