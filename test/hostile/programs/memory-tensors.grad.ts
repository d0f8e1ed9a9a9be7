// Ends: stopped memory
// Limits: memory 150 time 20000
import torch from "torch";
const kept: any[] = [];
for (;;) kept.push(torch.zeros(500000));
