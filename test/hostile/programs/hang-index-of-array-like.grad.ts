// Ends: stopped time
// Limits: time 400
const list: any = { length: Number.MAX_SAFE_INTEGER };
print(Array.prototype.indexOf.call(list, 1));
