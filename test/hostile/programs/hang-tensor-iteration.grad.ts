// Ends: stopped time
// Limits: time 400
import torch from "torch";
const x = torch.ones(1).expand(1000000000);
let n = 0;
for (const row of x) n += 1;
