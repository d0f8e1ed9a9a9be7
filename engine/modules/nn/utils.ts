import * as utils from "../../nn/utils";

export * from "../../nn/utils";
export default utils;
