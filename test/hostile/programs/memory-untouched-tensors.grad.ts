// Ends: stopped memory
// Limits: memory 200 time 3000
import torch from "torch";
print("before");
const x = torch.zeros(100000000);
print("after");
