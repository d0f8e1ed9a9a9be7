/** Why a program cannot be compiled, at a place in its source (UTF-16 offsets, end exclusive). */
export interface CompileDiagnostic {
  message: string;
  start: number;
  end: number;
}
