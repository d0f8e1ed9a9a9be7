// Ends: stopped time or failed /./ or done
// Limits: time 400
const b = 3n ** (2n ** 22n);
print(String(b).length);
