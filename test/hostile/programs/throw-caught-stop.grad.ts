// Ends: stopped time
// Limits: time 400
let stop: any;
for (;;) { try { for (;;); } catch (e) { stop = e; break; } }
for (;;) { try { throw stop; } catch {} }
