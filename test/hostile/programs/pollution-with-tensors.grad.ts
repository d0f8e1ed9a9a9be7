// Ends: done or failed /./ or stopped time
// Limits: time 400
import torch from "torch";
const x = torch.ones(3, { requires_grad: true });
const broken: any = () => { throw new Error("broken"); };
Array.prototype.map = broken;
Array.prototype.slice = broken;
Array.prototype.push = broken;
Map.prototype.get = broken;
Object.entries = broken;
Float32Array.prototype.fill = broken;
const y = (x * 2).sum();
y.backward();
print(x.grad);
