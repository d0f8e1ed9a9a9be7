// Ends: done
// Prints: "contained\n"
// Tries: accessors that are run with something of the host's on the stack.
const leaks: any[] = [];
const note = function (this: any, ...args: any[]) { leaks.push(this, ...args); return undefined; };
for (const key of ["kind", "part", "report", "state", "name", "message", "stack", "seen", "output", "at", "toJSON", "then", "constructor", "shape", "grad_fn", "timeout", "filename", "env"]) {
  try { Object.defineProperty(Object.prototype, key, { get: note as any, set: note as any, configurable: true }); } catch {}
}
const value = [1, { a: 2 }, "x"];
for (const key of ["kind", "part", "report", "state", "name", "message", "stack", "seen", "output", "at", "toJSON", "then", "shape", "grad_fn", "timeout", "filename", "env"]) delete (Object.prototype as any)[key];
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
print(leaks.some(foreign) ? "leaked" : "contained");
