/** Always null, as in PyTorch's main process: samples are loaded here and now. Source: torch.utils.data.get_worker_info. */
export function get_worker_info(): null {
  return null;
}
