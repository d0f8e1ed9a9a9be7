// Ends: done
// Prints: "contained\n"
let leak = "contained";
for (const read of [() => typeof (globalThis as any).$$, () => typeof (globalThis as any).exports, () => typeof (globalThis as any).realm]) {
  if (read() !== "undefined") leak = "leaked";
}
print(leak);
