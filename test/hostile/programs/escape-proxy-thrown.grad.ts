// Ends: failed /Uncaught/
// Tries: what reads a thrown value, seen through every trap of a proxy.
const leaks: any[] = [];
const handler: any = new Proxy({}, { get: (_, trap) => (...args: any[]) => {
  for (const a of args) {
    if ((typeof a === "object" || typeof a === "function") && a !== null && !(a instanceof Object) && Object.getPrototypeOf(a) !== null) print("leaked", trap);
  }
  throw new Proxy({}, handler);
} });
throw new Proxy(function () {}, handler);
