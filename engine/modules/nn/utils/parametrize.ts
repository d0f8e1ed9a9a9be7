import * as parametrize from "../../../nn/parametrize";

export * from "../../../nn/parametrize";
export default parametrize;
