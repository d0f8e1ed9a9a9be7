// Ends: done
// Prints: "contained\n"
// Tries: what the global object's own machinery hands out.
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
const g: any = globalThis;
const made: any[] = [Object.getOwnPropertyNames(g), Object.getOwnPropertySymbols(g), Reflect.ownKeys(g), Object.entries(g)];
for (const name of Object.getOwnPropertyNames(g)) {
  const property: any = Object.getOwnPropertyDescriptor(g, name);
  made.push(property, property.value, property.get, property.set);
}
const acts: any[] = [
  () => Object.defineProperty(g, "x1", { get: 1 as any }), () => Object.defineProperty(g, "x2", { get() { throw 1; } }), () => g.x2,
  () => Object.freeze(g), () => Object.setPrototypeOf(g, null), () => Object.setPrototypeOf(g, { a: 1 }), () => Object.preventExtensions(g),
  () => { g[Symbol("x")] = 1; }, () => { g.undefined = 1; }, () => { delete g.NaN; }, () => g[{ toString() { throw 2; } } as any],
  () => new g(), () => g(), () => Reflect.construct(Object, [], g), () => { "use strict"; undeclared = 1; },
];
for (const act of acts) { try { made.push(act()); } catch (e) { made.push(e); } }
print(made.filter((o) => o !== g && Object.getPrototypeOf(Object(o)) !== null && foreign(o)).length === 0 ? "contained" : "leaked");
