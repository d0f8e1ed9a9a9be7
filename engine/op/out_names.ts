/** The functions that write their result into no tensor given as `out`. Those of `torch` are without their namespace. */
const WITHOUT_OUT = new Set(
  `
  adaptive_avg_pool1d adaptive_max_pool1d adjoint affine_grid_generator allclose alpha_dropout argwhere
  as_strided as_strided_scatter atleast_1d atleast_2d atleast_3d avg_pool1d bartlett_window batch_norm
  bilinear binary_cross_entropy_with_logits bincount binomial blackman_window block_diag broadcast_tensors
  broadcast_to cartesian_prod cdist celu chain_matmul channel_shuffle chunk clone combinations conj
  constant_pad_nd conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d convolution corrcoef
  cosine_embedding_loss cosine_similarity count_nonzero cov ctc_loss cumulative_trapezoid det detach
  diag_embed diagflat diagonal diagonal_scatter dist dropout dsplit einsum embedding empty_like empty_strided
  equal feature_alpha_dropout feature_dropout fill flatten flip fliplr flipud full_like get_device gradient
  grid_sampler group_norm hamming_window hann_window hinge_embedding_loss histogramdd hsplit imag index_fill
  index_put instance_norm isclose isfinite isinf isnan isreal kaiser_window kl_div layer_norm linalg.diagonal
  linalg.lstsq linalg.matrix_exp linalg.vander logdet lu margin_ranking_loss masked_fill masked_scatter
  matrix_exp max_pool1d max_pool1d_with_indices max_pool2d max_pool3d meshgrid moveaxis movedim narrow
  native_group_norm native_layer_norm norm_except_dim ones_like pairwise_distance pca_lowrank pdist permute
  pinverse pixel_shuffle pixel_unshuffle poisson poisson_nll_loss positive prelu put rand_like randint_like
  randn_like ravel real relu repeat_interleave reshape resolve_conj resolve_neg rms_norm rnn_relu_cell
  rnn_tanh_cell roll rot90 rrelu rsub scalar_tensor select select_scatter selu special.log_softmax
  special.softmax split split_with_sizes squeeze std_mean svd_lowrank swapaxes swapdims t tensor_split tile
  trace transpose trapezoid trapz tril_indices triplet_margin_loss triu_indices unbind unflatten unique
  unique_consecutive unique_dim unravel_index unsqueeze vander var_mean vsplit zeros_like
`.split(/\s+/),
);

/** Whether a public function takes `out`. Methods, in-place forms and `nn.functional` do not. */
export function takesOut(path: string): boolean {
  const [, namespace, name] = /^(torch|linalg|special)\.([a-z]\w*[^_])$/.exec(path) ?? [];
  if (name === undefined) return false;
  return !WITHOUT_OUT.has(namespace === "torch" ? name : path);
}
