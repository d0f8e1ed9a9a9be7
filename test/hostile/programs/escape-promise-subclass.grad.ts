// Ends: done
// Prints: "contained\n"
let leak = "contained";
class Mine<T> extends Promise<T> {
  constructor(run: any) { super((a: any, b: any) => { if (!(a instanceof Function)) leak = "leaked"; run(a, b); }); }
  static get [Symbol.species]() { return Mine; }
}
await new Mine((resolve: any) => resolve(1)).then((x) => x);
print(leak);
