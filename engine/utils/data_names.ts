// Everything in `torch.utils.data`.
export { default_collate, default_convert } from "./collate";
export { DataLoader, type DataLoaderOptions } from "./data_loader";
export { ConcatDataset, Dataset, random_split, StackDataset, Subset, TensorDataset } from "./datasets";
export { ChainDataset, IterableDataset } from "./iterable_datasets";
export {
  BatchSampler,
  RandomSampler,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from "./samplers";
export { get_worker_info } from "./worker";
