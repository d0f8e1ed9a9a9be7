// Ends: stopped time
// Limits: time 400
try { for (;;); } finally { for (;;); }
