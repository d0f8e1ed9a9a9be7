// Ends: stopped time
// Limits: time 400
outer: for (;;) { for (;;) { continue outer; } }
