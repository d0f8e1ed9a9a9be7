// Ends: stopped time or failed /hook/
// Limits: time 400
import torch from "torch";
const x: any = torch.ones(2, { requires_grad: true });
x.register_hook((g: any) => { for (;;); });
(x * 2).sum().backward();
