// Everything in `torch.autograd`.
export { detect_anomaly, set_detect_anomaly } from "./anomaly";
export { enable_grad, inference_mode, no_grad, set_grad_enabled } from "./context";
export { Function } from "./function";
export * as function from "./function_names";
export * as functional from "./functional";
export { type BackwardOptions, backward, type GradOptions, grad } from "./functions";
export { GradcheckError, type GradcheckOptions, gradcheck, gradgradcheck } from "./gradcheck";
export * as graph from "./graph";
