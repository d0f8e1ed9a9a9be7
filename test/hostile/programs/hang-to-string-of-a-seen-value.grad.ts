// Ends: done or stopped time
// Limits: time 400
import { Module } from "torch/nn";
class Slow extends Module { toString(): string { for (;;); } forward() {} }
const slow = new Slow();
