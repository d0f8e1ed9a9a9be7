// Ends: done
// Prints: ""
(globalThis as any).print = () => {};
(globalThis as any).console = null;
(globalThis as any).print("hidden");
