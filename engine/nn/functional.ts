import * as functional from "./functions";

export * from "./functions";
export default functional;
