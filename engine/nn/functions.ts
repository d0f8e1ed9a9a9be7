// Everything in `torch.nn.functional`: the operators, and what takes functions for arguments.
export * from "../generated/nn_functional";
export { type TripletOptions, triplet_margin_with_distance_loss } from "./triplet";
