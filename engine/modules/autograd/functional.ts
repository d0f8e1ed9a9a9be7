import * as functional from "../../autograd/functional";

export * from "../../autograd/functional";
export default functional;
