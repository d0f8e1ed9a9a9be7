// Ends: stopped time
// Limits: time 400
do {} while (true);
