// Ends: done
// Prints: /contained\n$/
// Limits: output 10000000 time 10000
const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty, getPrototypeOf } = Reflect;
const leaks: any[] = [];
const objectPrototype = Object.prototype;
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = getPrototypeOf(p)) last = p;
  return last !== objectPrototype;
};
const prototypes: any[] = [Array, Map, WeakMap, Set, String, Function, Int32Array, Float64Array, Promise, RegExp, Number, Error, Symbol].map((c: any) => c.prototype);
prototypes.push(getPrototypeOf(Int32Array.prototype), getPrototypeOf([][Symbol.iterator]()), JSON, Reflect, Object, Math, Number);
const undo: any[] = [];
for (let h = 0; h < prototypes.length; h++) {
  const holder = prototypes[h];
  const names = ownKeys(holder);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const property: any = getOwnPropertyDescriptor(holder, name);
    if (!property.configurable || name === "constructor" || name === "stack") continue;
    const real = property.value;
    if (typeof real !== "function") continue;
    undo[undo.length] = [holder, name, property];
    defineProperty(holder, name, { configurable: true, writable: true, enumerable: false, value: function (this: any, ...args: any[]) {
      if (leaks.length < 200000) { leaks[leaks.length] = this; for (let i = 0; i < args.length; i++) leaks[leaks.length] = args[i]; }
      return apply(real, this, args);
    } });
  }
}
const text = "y";
for (let i = 0; i < 1000; i++) print(i, text);
for (let i = 0; i < undo.length; i++) defineProperty(undo[i][0], undo[i][1], undo[i][2]);
let found = 0;
for (let i = 0; i < leaks.length; i++) if (foreign(leaks[i])) found++;
print(found === 0 ? "contained" : "leaked", "");
print("contained");
