// Everything in `torch.optim.lr_scheduler`.
export { ChainedScheduler, SequentialLR } from "./composed";
export { CosineAnnealingLR, CosineAnnealingWarmRestarts } from "./cosine";
export { CyclicLR, OneCycleLR } from "./cyclic";
export { ReduceLROnPlateau } from "./plateau";
export { LRScheduler } from "./scheduler";
export { ExponentialLR, LambdaLR, MultiplicativeLR, MultiStepLR, StepLR } from "./stepwise";
export { ConstantLR, LinearLR, PolynomialLR } from "./warmup";
