import * as parametrizations from "../../../nn/parametrizations";

export * from "../../../nn/parametrizations";
export default parametrizations;
