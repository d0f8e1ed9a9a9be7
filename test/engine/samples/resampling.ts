import { Input, type Samples } from "./sample";

const signal = new Input([1, 2, 4]);
const image = new Input([1, 2, 4, 3]);
const volume = new Input([1, 1, 2, 3, 2]);
const nearest = (suffix: string): Samples => ({
  [`torch._upsample_${suffix}1d`]: [[signal, [7], []]],
  [`torch._upsample_${suffix}2d`]: [
    [image, [3, 7], []],
    [image, [6, 4], [1.6, 1.5]],
  ],
  [`torch._upsample_${suffix}3d`]: [[volume, [3, 4, 2], []]],
});
const smooth = [
  [image, [3, 7], false, []],
  [image, [6, 2], true, []],
];

export const resampling: Samples = {
  ...nearest("nearest"),
  ...nearest("nearest_exact"),
  "torch._upsample_linear1d": [
    [signal, [7], false, []],
    [signal, [6], true, []],
  ],
  "torch._upsample_bilinear2d": smooth,
  "torch._upsample_trilinear3d": [[volume, [3, 4, 2], false, []]],
  "torch._upsample_bicubic2d": smooth,
  "torch._upsample_bilinear2d_aa": smooth,
  "torch._upsample_bicubic2d_aa": smooth,
};
