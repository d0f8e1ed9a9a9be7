import * as init from "../../nn/init";

export * from "../../nn/init";
export default init;
