// Ends: stopped time or done
// Limits: time 400
const list: any = { length: Number.MAX_SAFE_INTEGER };
Array.prototype.forEach.call(list, () => {});
