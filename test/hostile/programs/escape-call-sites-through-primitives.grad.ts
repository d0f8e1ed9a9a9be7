// Ends: done
// Prints: "contained\n"
// Tries: call sites as `this` of hooks that formatting a stack may come by.
const leaks: any[] = [];
const note = (key: string) => function (this: any): any { leaks.push(this); return undefined; };
for (const key of [Symbol.toPrimitive, Symbol.toStringTag, Symbol.iterator, Symbol.isConcatSpreadable, "getFileName", "toString2", "valueOf"]) {
  Object.defineProperty(Object.prototype, key, { get: note(String(key)), configurable: true });
}
const strings: any = String.prototype;
for (const name of ["slice", "startsWith", "endsWith", "toString", "valueOf"]) strings[name] = note(name);
const stack: any = (new Error("x") as any).stack;
let leak = "contained";
for (let i = 0; i < leaks.length; i++) if (typeof leaks[i] === "object" && leaks[i] !== null && "getThis" in leaks[i]) leak = "leaked";
print(leak);
