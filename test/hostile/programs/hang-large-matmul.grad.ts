// Ends: stopped time or stopped memory
// Limits: memory 2000 time 400
import torch from "torch";
const a = torch.ones(6000, 6000);
for (;;) a.mm(a);
