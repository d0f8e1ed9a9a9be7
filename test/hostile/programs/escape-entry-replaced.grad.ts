// Ends: done
// Prints: "kept kept kept\n"
const tries = [
  () => { "use strict"; (globalThis as any).$gradlens = () => "leaked"; },
  () => Object.defineProperty(globalThis, "$gradlens", { value: () => "leaked" }),
  () => { if (!Reflect.deleteProperty(globalThis, "$gradlens")) throw 0; },
];
print(tries.map((attempt) => { try { attempt(); return "replaced"; } catch { return "kept"; } }).join(" "));
