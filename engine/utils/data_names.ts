// Everything in `torch.utils.data`.
export { default_collate } from "./collate";
export { DataLoader, type DataLoaderOptions } from "./data_loader";
export { ConcatDataset, Dataset, random_split, Subset, TensorDataset } from "./datasets";
export {
  BatchSampler,
  RandomSampler,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from "./samplers";
