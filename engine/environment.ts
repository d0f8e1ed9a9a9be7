// What programs ask of the machine and of the process. There is one thread, the CPU, and nothing to tune, so
// that programs written for any machine choose the CPU and run.
import { cpu, type Device, deviceNamed } from "./device";
import { type DType, defaultDType } from "./dtype";
import { AssertionError, pythonTypeName, RuntimeError } from "./errors";

const noCuda = (): never => {
  throw new AssertionError("Torch not compiled with CUDA enabled");
};

/**
 * NVIDIA GPUs: there are none. Source: torch.cuda.
 * @differs torch.cuda, torch.mps, torch.xpu, torch.accelerator: say that there is none; all memory is the CPU's.
 */
export const cuda = {
  /** Whether there is one: no. Source: torch.cuda.is_available. */
  is_available: (): boolean => false,
  /** How many there are: none. Source: torch.cuda.device_count. */
  device_count: (): number => 0,
  is_initialized: (): boolean => false,
  is_bf16_supported: (): boolean => false,
  /** Nothing: there are no random numbers but the CPU's. Source: torch.cuda.manual_seed. */
  manual_seed(_seed: number | bigint): void {},
  /** Nothing: there are no random numbers but the CPU's. Source: torch.cuda.manual_seed_all. */
  manual_seed_all(_seed: number | bigint): void {},
  /** Nothing: there is nothing to free. Source: torch.cuda.empty_cache. */
  empty_cache(): void {},
  /** Always throws. Source: torch.cuda.synchronize. */
  synchronize: noCuda,
  /** Always throws. Source: torch.cuda.current_device. */
  current_device: noCuda,
  /** Always throws. Source: torch.cuda.get_device_name. */
  get_device_name: (_device?: unknown): string => noCuda(),
};

/** Apple's GPUs: there are none. Source: torch.mps. */
export const mps = {
  is_available: (): boolean => false,
  device_count: (): number => 0,
  manual_seed(_seed: number | bigint): void {},
  empty_cache(): void {},
};

/** Intel's GPUs: there are none. Source: torch.xpu. */
export const xpu = { is_available: (): boolean => false, device_count: (): number => 0 };

/** Whatever accelerates: there is nothing. Source: torch.accelerator. */
export const accelerator = {
  /** Whether there is an accelerator: no. Source: torch.accelerator.is_available. */
  is_available: (): boolean => false,
  /** Null: there is none. Source: torch.accelerator.current_accelerator. */
  current_accelerator: (_check_available = false): Device | null => null,
  device_count: (): number => 0,
};

/** Settings of libraries that are not used here: they can be set and change nothing. Source: torch.backends. */
export const backends = {
  cuda: { matmul: { allow_tf32: false }, is_built: (): boolean => false },
  cudnn: {
    enabled: true,
    benchmark: false,
    deterministic: false,
    allow_tf32: true,
    is_available: (): boolean => false,
    version: (): number | null => null,
  },
  mps: { is_available: (): boolean => false, is_built: (): boolean => false },
  mkl: { is_available: (): boolean => false },
  mkldnn: { enabled: true, is_available: (): boolean => false },
  openmp: { is_available: (): boolean => false },
};

/** The dtype of tensors made without one, and of what leaves the integers. Source: torch.get_default_dtype. */
export function get_default_dtype(): DType {
  return defaultDType.current;
}

/**
 * Sets the dtype of tensors made without one from now on: float32, unless changed, or float64. Throws for
 * others. Source: torch.set_default_dtype.
 */
export function set_default_dtype(d: DType): void {
  if (d.category !== "float")
    throw new TypeError("only floating-point types are supported as the default type");
  defaultDType.current = d;
}

/** The device of tensors made without one: the CPU. Source: torch.get_default_device. */
export function get_default_device(): Device {
  return cpu;
}

/** Takes the CPU and throws for others. Source: torch.set_default_device. */
export function set_default_device(device: Device | string | null): void {
  if (typeof device === "string") deviceNamed(device);
}

/**
 * How many threads compute: one. Source: torch.get_num_threads.
 * @differs torch.set_num_threads: there is one thread, whatever is set.
 */
export function get_num_threads(): number {
  return 1;
}

/** Takes a number of threads; there is one. Source: torch.set_num_threads. */
export function set_num_threads(num: number): void {
  requireThreads("set_num_threads", num);
}

/** How many threads compute operators side by side: one. Source: torch.get_num_interop_threads. */
export function get_num_interop_threads(): number {
  return 1;
}

/** Takes a number of threads; there is one. Source: torch.set_num_interop_threads. */
export function set_num_interop_threads(num: number): void {
  requireThreads("set_num_interop_threads", num);
}

function requireThreads(name: string, num: number): void {
  if (!Number.isInteger(num)) throw new TypeError(`${name} expects an int, but got ${pythonTypeName(num)}`);
  if (num <= 0) throw new RuntimeError(`${name} expects a positive integer`);
}

const settings = { deterministic: false, precision: "highest", warnAlways: false };

/** Every operator is deterministic here; only the answer of `are_deterministic_algorithms_enabled` changes. Source: torch.use_deterministic_algorithms. */
export function use_deterministic_algorithms(mode: boolean, _options: { warn_only?: boolean } = {}): void {
  settings.deterministic = mode;
}

/** What was last set. Source: torch.are_deterministic_algorithms_enabled. */
export function are_deterministic_algorithms_enabled(): boolean {
  return settings.deterministic;
}

/** Products are of full precision whatever is set. Source: torch.set_float32_matmul_precision. */
export function set_float32_matmul_precision(precision: "highest" | "high" | "medium"): void {
  settings.precision = precision;
}

/** What was last set. Source: torch.get_float32_matmul_precision. */
export function get_float32_matmul_precision(): string {
  return settings.precision;
}

/** Nothing: JavaScript's numbers keep what is below the smallest normal one. Source: torch.set_flush_denormal. */
export function set_flush_denormal(_mode: boolean): boolean {
  return false;
}

/** Takes a setting that changes nothing: warnings are the editor's. Source: torch.set_warn_always. */
export function set_warn_always(b: boolean): void {
  settings.warnAlways = b;
}

/** What was last set. Source: torch.is_warn_always_enabled. */
export function is_warn_always_enabled(): boolean {
  return settings.warnAlways;
}

/**
 * The model as it is: programs are not compiled further here. Source: torch.compile.
 * @differs torch.compile: gives the model as it is; programs are not compiled further.
 */
export function compile<M>(model: M, _options: object = {}): M {
  return model;
}
