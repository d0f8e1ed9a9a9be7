// Ends: stopped time or failed /memory/ or stopped memory
// Limits: memory 300 time 400
import torch from "torch";
const x = torch.ones(1).expand(1000000, 1000000);
print(x.sum());
