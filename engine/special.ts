import * as special from "./generated/special";

export * from "./generated/special";
export default special;
