/** Where the array of an operator's results keeps what PyTorch prints it as: its type's name and its parts' names. */
export const NAMED_TUPLE: unique symbol = Symbol.for("gradlens.named_tuple");

/** The operators whose results are named tuples in PyTorch; those of others print as tuples. Source: torch.return_types. */
const WITH_RETURN_TYPE = new Set(
  `
  aminmax cummax cummin frexp geqrf histogram histogramdd kthvalue linalg.cholesky_ex linalg.eigh linalg.inv_ex
  linalg.lstsq linalg.lu linalg.lu_factor linalg.lu_factor_ex linalg.qr linalg.slogdet linalg.solve_ex linalg.svd
  lu_unpack max median min mode nanmedian qr slogdet sort svd topk triangular_solve
`.split(/\s+/),
);

/** `torch.return_types.linalg_svd`, for the name of an operator; null where its results have no names in PyTorch. */
export function returnTypeOf(operator: string): string | null {
  return WITH_RETURN_TYPE.has(operator) ? `torch.return_types.${operator.replace(".", "_")}` : null;
}

/** The named tuple that an array is, if it is one. */
export function namedTuple(value: object): readonly [type: string, names: readonly string[]] | null {
  return (value as { [NAMED_TUPLE]?: [string, string[]] })[NAMED_TUPLE] ?? null;
}
