import { totalmem } from "node:os";

/** What a program without a limit may take, in megabytes: with less left, the machine would be in trouble. */
export const MACHINE_MB = (0.75 * Math.min(totalmem(), process.constrainedMemory() || Infinity)) / 2 ** 20;
