import * as nn from "./nn/modules";

export * from "./nn/modules";
export default nn;
