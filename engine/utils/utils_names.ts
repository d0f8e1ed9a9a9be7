// Everything in `torch.utils`.
export * as checkpoint from "./checkpoint";
export { default as data } from "./data";
