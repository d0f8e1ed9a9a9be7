// Ends: stopped memory or failed /can't allocate memory/
// Limits: memory 200 time 3000
import torch from "torch";
const x = torch.ones(1).expand(20000, 20000);
const y = x.contiguous();
print("after");
