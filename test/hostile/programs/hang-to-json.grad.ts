// Ends: stopped time
// Limits: time 400
const text = JSON.stringify({ toJSON() { for (;;); } });
