// Ends: stopped time or done or failed /./
// Limits: time 400
import torch from "torch";
const x = torch.ones(3);
Object.defineProperty(Object.getPrototypeOf(x), "requires_grad", { get() { for (;;); }, configurable: true });
Object.defineProperty(Object.getPrototypeOf(x), "grad_fn", { get() { for (;;); }, configurable: true });
const y = torch.zeros(2);
print("end");
