// Ends: stopped memory or stopped time
// Limits: memory 150 time 5000
import torch from "torch";
let x = torch.ones(10000, { requires_grad: true });
for (;;) x = x * 1.0001;
