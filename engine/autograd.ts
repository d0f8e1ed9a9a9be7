// Everything in `torch.autograd`.
export { backward, type GradOptions, grad } from "./autograd/functions";
export { GradcheckError, type GradcheckOptions, gradcheck, gradgradcheck } from "./autograd/gradcheck";
