// Ends: stopped time or stopped memory or failed /Invalid array length/
// Limits: memory 300 time 400
const list = Array.from({ length: 1e9 });
print(list.length);
