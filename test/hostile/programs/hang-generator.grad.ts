// Ends: stopped time
// Limits: time 400
function* f() { for (;;) { try { yield 1; } finally { continue; } } }
for (const x of f());
