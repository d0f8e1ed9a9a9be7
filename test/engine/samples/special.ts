import torch from "../../../engine/torch";
import { Input, type Samples } from "./sample";

const a = new Input([2, 3]);
const row = new Input([3]);
const signed = new Input([2, 3], [-0.9, 0.9]);
const probability = new Input([2, 3], [0.1, 0.9]);
const large = new Input([2, 3], [2.2, 6]);
const shape = () => torch.tensor([0.5, 1.5, 3], { dtype: torch.float64 });

export const special: Samples = {
  "torch.erf": [[signed]],
  "torch.erfc": [[signed]],
  "torch.erfinv": [[signed]],
  "special.erfcx": [[signed], [large]],
  "special.ndtr": [[signed]],
  "special.ndtri": [[probability]],
  "special.log_ndtr": [[signed], [new Input([3], [-4, -2])]],
  "special.entr": [[a]],
  "special.xlog1py": [
    [a, row],
    [2, a],
    [a, 2],
    [a, -0.5],
  ],
  "torch.lgamma": [[a], [large], [new Input([3], [-0.8, -0.2])]],
  "torch.digamma": [[a], [large], [new Input([3], [-0.8, -0.2])]],
  "torch.polygamma": [
    [1, large],
    [2, large],
    [a, 3],
  ],
  "torch.mvlgamma": [
    [large, 1],
    [large, 4],
  ],
  "special.zeta": [
    [() => torch.tensor([1.5, 2, 3.5], { dtype: torch.float64 }), a],
    [2, a],
  ],
  "torch.igamma": [[shape, a]],
  "torch.igammac": [[shape, a]],
  "torch.ldexp": [[a, signed]],
  "torch.frexp": [[new Input([3], [0.6, 0.9])]],
  "torch.nextafter": [[a, row]],
  "torch.i0": [[signed], [large]],
  "special.i0e": [[a], [large]],
  "special.i1": [[a], [large]],
  "special.i1e": [[a], [large]],
};
