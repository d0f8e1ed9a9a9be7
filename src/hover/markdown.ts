/** Markdown in which nothing that a program wrote can act as markup. */

export function codeBlock(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}text\n${text}\n${fence}`;
}

export function code(text: string): string {
  const fence = fenceFor(text, 1);
  const padding = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${padding}${text.replace(/\s+/g, " ")}${padding}${fence}`;
}

/** A fence ends at the first run of backticks of its own length, so it is made longer than any inside. */
function fenceFor(text: string, shortest: number): string {
  const runs = text.match(/`+/g) ?? [];
  return "`".repeat(Math.max(shortest, ...runs.map((run) => run.length + 1)));
}

/** A link that runs a command. `label` is our own wording. */
export function commandLink(label: string, command: string, argument: unknown): string {
  const encoded = encodeURIComponent(JSON.stringify([argument])).replace(/[()']/g, (character) => {
    return `%${character.charCodeAt(0).toString(16)}`;
  });
  return `[${label}](command:${command}?${encoded})`;
}
