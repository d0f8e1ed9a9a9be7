// Ends: stopped time or stopped memory or failed /./
// Limits: memory 300 time 400
import torch from "torch";
const endless: any = { *[Symbol.iterator]() { for (;;) yield 1; } };
const x = torch.tensor(endless);
