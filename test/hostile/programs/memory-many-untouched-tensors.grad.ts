// Ends: stopped memory
// Limits: memory 300 time 3000
import torch from "torch";
const kept: any[] = [];
for (;;) kept.push(torch.zeros(10000000));
