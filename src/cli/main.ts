import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readManifest } from "./manifest";
import { UsageError } from "./usage";

const HELP = `Usage: gradlens <command> FILE.grad.ts

Commands:
  run [--time-limit SECONDS] [--memory-limit MB] [--timing] FILE
                                                         run a program
  annotate [--json] FILE                                 print it with what each line's values are
  check [--strict] FILE...                               print type errors and warnings
  format [--check] FILE...                               lay programs out, or name those that are not

Options:
  --help       show this text
  --version    show the version

Exit codes: 0 success, 1 the program has errors or failed, 2 bad usage.
`;

/** Bundles and package.json lie in and above this file's folder. */
const folder = fileURLToPath(new URL(".", import.meta.url));

async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case "--help":
    case "-h":
      process.stdout.write(HELP);
      return 0;
    case "--version":
      process.stdout.write(`${readManifest(folder).version}\n`);
      return 0;
    case "run": {
      const { run } = await import("./run");
      return run(parse(rest, runOptions), folder);
    }
    case "annotate": {
      const { annotate } = await import("./annotate");
      return annotate(parse(rest, annotateOptions), folder);
    }
    case "check": {
      const { positionals, values } = parse(rest, { strict: { type: "boolean" } });
      if (positionals.length === 0) throw new UsageError("check needs a FILE.grad.ts.");
      // The type checker takes a while to load, and the other commands do without it.
      const { check } = await import("./check");
      return check(positionals, values.strict ? "strict" : "relaxed", printLine);
    }
    case "format": {
      const { positionals, values } = parse(rest, { check: { type: "boolean" } });
      if (positionals.length === 0) throw new UsageError("format needs a FILE.grad.ts.");
      const { format } = await import("./format");
      return format(positionals, { check: values.check ?? false }, printLine);
    }
    case undefined:
      throw new UsageError("A command is missing.");
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

const runOptions = {
  "time-limit": { type: "string" },
  "memory-limit": { type: "string" },
  timing: { type: "boolean" },
} as const;
const annotateOptions = { json: { type: "boolean" } } as const;

function parse<T extends NonNullable<Parameters<typeof parseArgs>[0]>["options"]>(
  args: string[],
  options: T,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

// A reader that closes the pipe (`| head`) has seen enough.
process.stdout.on("error", () => process.exit(0));
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`gradlens: ${error.message} Try gradlens --help.\n`);
  process.exitCode = 2;
}
