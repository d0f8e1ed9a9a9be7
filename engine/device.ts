import { AssertionError, NotImplementedError, RuntimeError } from "./errors";

/**
 * Where a tensor's memory is: always the CPU. `device("cpu") === device("cpu")`, so devices compare as in
 * Python. Source: torch.device.
 */
export class Device {
  /** @internal */
  constructor(
    readonly type: string,
    readonly index: number | null,
  ) {}

  /** `cpu`, as `print` shows it. */
  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }
}

export const cpu = new Device("cpu", null);
const firstCpu = new Device("cpu", 0);

const KNOWN =
  "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, mps, meta, hpu, mtia, privateuseone";

/** The device of that name. Throws for one that is not the CPU, in the words of a PyTorch without it. */
export function deviceNamed(name: string): Device {
  if (name === "cpu") return cpu;
  if (name === "cpu:0") return firstCpu;
  const type = name.split(":")[0];
  if (type === "cuda") throw new AssertionError("Torch not compiled with CUDA enabled");
  if (KNOWN.split(", ").includes(type))
    throw new NotImplementedError(
      `Could not run 'aten::empty.memory_format' with arguments from the '${type.toUpperCase()}' backend.`,
    );
  throw new RuntimeError(`Expected one of ${KNOWN} device type at start of device string: ${type}`);
}

/** Makes a device from its name, with or without `new`. */
interface DeviceFunction {
  (type: string): Device;
  new (type: string): Device;
}

/** The device of that name: `torch.device("cpu")`. Throws for any other than the CPU. Source: torch.device. */
export const device = ((type: string): Device => deviceNamed(type)) as DeviceFunction;
