import * as autograd from "./autograd/autograd_names";

export * from "./autograd/autograd_names";
export default autograd;
