// Everything in `torch.autograd.function`.
export { Function, FunctionCtx, once_differentiable } from "./function";
