// Ends: done
// Prints: "contained\n"
let found: unknown = "contained";
function peek(): any {
  for (const read of [() => (peek as any).caller, () => (peek as any).arguments, () => (print as any).caller, () => (console.log as any).caller]) {
    try { const value = read(); if (value !== null && value !== undefined) found = "leaked"; } catch {}
  }
}
[1].map(peek);
print(found);
