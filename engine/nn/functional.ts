import * as functional from "../generated/nn_functional";

export * from "../generated/nn_functional";
export default functional;
