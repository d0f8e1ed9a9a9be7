import * as random from "../rng";

export * from "../rng";
export default random;
