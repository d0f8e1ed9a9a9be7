// Everything in `torch.autograd`.
export { detect_anomaly, set_detect_anomaly } from "./autograd/anomaly";
export { enable_grad, inference_mode, no_grad, set_grad_enabled } from "./autograd/context";
export { Function } from "./autograd/function";
export * as function from "./autograd/function_names";
export * as functional from "./autograd/functional";
export { type BackwardOptions, backward, type GradOptions, grad } from "./autograd/functions";
export { GradcheckError, type GradcheckOptions, gradcheck, gradgradcheck } from "./autograd/gradcheck";
export * as graph from "./autograd/graph";
