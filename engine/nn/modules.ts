// Everything in `torch.nn`.
export * from "./activation";
export * from "./adaptive";
export { type AttentionOptions, MultiheadAttention, type MultiheadAttentionOptions } from "./attention";
export * from "./bilinear";
export * from "./container";
export {
  Conv1d,
  Conv2d,
  Conv3d,
  type ConvOptions,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
} from "./convolution";
export * from "./distance";
export * from "./dropout";
export * from "./embedding";
export * from "./flatten";
export * from "./fold";
export { default as functional } from "./functional";
export * as init from "./init";
export * from "./lazy";
export * from "./linear";
export * from "./loss";
export { Module } from "./module";
export * from "./normalization";
export * from "./padding";
export * as parameter from "./parameter";
export { Buffer, Parameter } from "./parameter";
export * from "./pooling";
export * from "./recurrent";
export * from "./shuffle";
export * from "./transformer";
export * from "./upsampling";
export * as utils from "./utils";
