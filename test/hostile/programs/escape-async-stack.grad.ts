// Ends: done
// Prints: "contained\n"
// Tries: the async error with an odd name that several sandboxes let through.
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
let leak = "contained";
const fail = async () => {
  const error: any = new Error();
  error.name = Symbol();
  return error.stack;
};
await fail().catch((thrown: any) => { if (foreign(thrown)) leak = "leaked"; });
print(leak);
