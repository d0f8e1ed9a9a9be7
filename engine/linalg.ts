import * as linalg from "./generated/linalg";

export * from "./generated/linalg";
export default linalg;
