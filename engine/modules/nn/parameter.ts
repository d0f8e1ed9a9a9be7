import * as parameter from "../../nn/parameter";

export * from "../../nn/parameter";
export default parameter;
