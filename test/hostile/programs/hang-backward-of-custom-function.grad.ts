// Ends: stopped time
// Limits: time 400
import torch from "torch";
class Slow extends torch.autograd.Function {
  static forward(ctx: any, x: any) { return x * 2; }
  static backward(ctx: any, grad: any) { for (;;); return grad; }
}
const x = torch.ones(2, { requires_grad: true });
Slow.apply(x).sum().backward();
