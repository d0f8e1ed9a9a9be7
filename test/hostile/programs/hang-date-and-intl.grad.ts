// Ends: stopped time or stopped memory
// Limits: memory 400 time 400
for (;;) new Intl.DateTimeFormat("de", { dateStyle: "full" }).format(new Date());
