import * as optim from "./optim/optimizers";

export * from "./optim/optimizers";
export default optim;
