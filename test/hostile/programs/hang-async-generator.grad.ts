// Ends: stopped time
// Limits: time 400
async function* f() { for (;;) yield 1; }
for await (const x of f());
