// Ends: stopped time or stopped memory
// Limits: time 400
const list = Array.from({ length: 3e6 }, (_, i) => i * 7919 % 1000003);
for (;;) list.sort((a, b) => (a < b ? 1 : -1));
