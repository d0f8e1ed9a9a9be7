// Ends: stopped time
// Limits: time 400
const o = { get x(): number { for (;;); } };
print(o.x);
