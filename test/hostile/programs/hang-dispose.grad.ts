// Ends: stopped time
// Limits: time 400
{ using x = { [Symbol.dispose]() { for (;;); } }; }
