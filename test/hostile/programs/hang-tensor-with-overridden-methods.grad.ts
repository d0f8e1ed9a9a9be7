// Ends: stopped time or done or failed /./
// Limits: time 400
import torch from "torch";
const x: any = torch.ones(3);
x.toString = () => { for (;;); };
x.formatValue = () => { for (;;); };
Object.defineProperty(x, "shape", { get() { for (;;); } });
Object.getPrototypeOf(x).toString = () => { for (;;); };
print("made");
const y = x;
print(y);
