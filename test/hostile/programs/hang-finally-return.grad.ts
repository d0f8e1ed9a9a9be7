// Ends: stopped time
// Limits: time 400
function f(): number { for (;;) { try { for (;;); } finally { continue; } } }
f();
