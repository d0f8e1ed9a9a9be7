// Everything in `torch.optim`.
export { Adadelta } from "./adadelta";
export { Adafactor, type AdafactorOptions } from "./adafactor";
export { Adagrad } from "./adagrad";
export { Adam, AdamW } from "./adam";
export { Adamax } from "./adamax";
export { ASGD } from "./asgd";
export { LBFGS } from "./lbfgs";
export { default as lr_scheduler } from "./lr_scheduler";
export { Muon, type MuonOptions } from "./muon";
export { NAdam } from "./nadam";
export { Optimizer } from "./optimizer";
export { RAdam } from "./radam";
export { RMSprop } from "./rmsprop";
export { Rprop } from "./rprop";
export { SGD } from "./sgd";
