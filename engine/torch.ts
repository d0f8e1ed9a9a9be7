import * as torch from "./namespace";

export * from "./namespace";
export default torch;
