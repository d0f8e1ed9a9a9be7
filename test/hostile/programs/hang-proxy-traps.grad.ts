// Ends: stopped time
// Limits: time 400
const p: any = new Proxy({}, { get() { for (;;); }, has() { for (;;); }, ownKeys() { for (;;); } });
for (const key in p) print(key);
