// Ends: done
// Prints: "contained\n"
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
const errors: any[] = [];
for (const act of [() => null!.x, () => (1 as any)(), () => new (class { constructor() { return (this as any).x.y; } })(), () => new Array(-1), () => "x".repeat(2 ** 30),
  () => BigInt("x"), () => decodeURIComponent("%"), () => JSON.parse("{"), () => new Proxy({}, null!), () => 1n + (1 as any), () => Symbol() + "",
  () => "x".normalize("y"), () => (1).toFixed(1000), () => new Intl.Locale(""), () => Reflect.ownKeys(1 as any), () => new RegExp("("), () => structuredClone] as any[]) {
  try { act(); } catch (e) { errors.push(e); }
}
await Promise.any([Promise.reject(1)]).catch((e) => errors.push(e));
print(errors.length > 12 && !errors.some(foreign) ? "contained" : "leaked");
