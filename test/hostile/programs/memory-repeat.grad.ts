// Ends: stopped memory or failed /can't allocate memory/
// Limits: memory 200 time 3000
import torch from "torch";
const x = torch.ones(1000);
const y = x.repeat(1000000000);
print("after");
