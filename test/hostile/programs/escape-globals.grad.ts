// Ends: done
// Prints: "0\n"
// Tries: everything a host of JavaScript usually gives.
const names = ["process", "require", "module", "exports", "global", "Buffer", "fetch", "XMLHttpRequest", "WebSocket", "EventSource",
  "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "structuredClone", "MessageChannel", "BroadcastChannel", "Worker",
  "WebAssembly", "SharedArrayBuffer", "Atomics", "navigator", "performance", "crypto", "self", "window", "document", "postMessage",
  "importScripts", "Deno", "Bun", "v8", "d8", "gc", "load", "read", "quit", "os", "std", "__dirname", "__filename", "ShadowRealm", "FinalizationRegistry"];
print(names.filter((name) => (globalThis as any)[name] !== undefined).length);
