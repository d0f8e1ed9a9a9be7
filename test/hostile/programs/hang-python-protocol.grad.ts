// Ends: stopped time
// Limits: time 400
class Slow { __add__(other: any): any { for (;;); } __bool__() { for (;;); } }
const x: any = new Slow();
if (x + 1) print("no");
