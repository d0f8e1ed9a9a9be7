// Ends: stopped time
// Limits: time 400
[3, 1, 2].sort(() => { for (;;); });
