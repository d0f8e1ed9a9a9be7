// Ends: done
// Prints: "contained\n"
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
const made: any[] = [new Intl.NumberFormat(), new Intl.DateTimeFormat(), new Intl.Collator(), new Date(), new Intl.NumberFormat().resolvedOptions(), Intl, Intl.NumberFormat];
for (const options of [{ get locale() { throw 1; } }, null, Symbol()]) {
  try { made.push(new (Intl.NumberFormat as any)("xx-invalid-locale-name-that-is-long", options)); } catch (e) { made.push(e); }
}
print(made.some(foreign) ? "leaked" : "contained");
