import * as graph from "../../autograd/graph";

export * from "../../autograd/graph";
export default graph;
