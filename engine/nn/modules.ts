// Everything in `torch.nn`.
export * from "./activation";
export * from "./container";
export { default as functional } from "./functional";
export * as init from "./init";
export * from "./linear";
export { BCEWithLogitsLoss, L1Loss, MSELoss } from "./loss";
export { Module } from "./module";
export { Parameter } from "./parameter";
