// Everything in `torch.autograd.graph`.
export { Node } from "./node";
export { saved_tensors_hooks } from "./saved_tensors";
