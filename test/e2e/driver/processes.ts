import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { repoRoot } from "../../repo";

export interface Process {
  pid: number;
  memoryMb: number;
  command: string;
}

/** The processes that this repository's extension has started, by the bundle that they run. */
export function extensionProcesses(bundle: "runner.cjs" | "language-server.cjs"): Process[] {
  const path = join(repoRoot, "dist", bundle);
  return allProcesses().filter(({ command }) => command.includes(path));
}

/** VS Code's extension hosts that have this repository's extension, or any if there is only one server. */
export function extensionHosts(): Process[] {
  return allProcesses().filter(({ command }) => command.includes("--type=extensionHost"));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function allProcesses(): Process[] {
  const lines = execFileSync("ps", ["-eo", "pid=,rss=,args="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [, pid, kilobytes, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!;
    return { pid: Number(pid), memoryMb: Number(kilobytes) / 1024, command };
  });
}
