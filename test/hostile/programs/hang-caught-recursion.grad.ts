// Ends: stopped time
// Limits: time 400
function f(): void { try { f(); } finally { f(); } }
f();
