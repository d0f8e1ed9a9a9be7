// Everything in `torch.autograd.graph`.
export { Node } from "./node";
