// Ends: done
// Prints: "contained\n"
// Tries: an error thrown by the host while it formats a stack.
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
const attempts: any[] = [Symbol("x"), { toString() { throw new Error("mine"); } }, 1n, null, Object.create(null), { toString: 1, valueOf: 2 }];
for (const name of attempts) {
  for (const key of ["name", "message"]) {
    const error: any = new Error("x");
    error[key] = name;
    try {
      const stack = error.stack;
      if (foreign(stack)) print("leaked", stack);
    } catch (thrown) {
      if (foreign(thrown)) print("leaked by", String(name === null ? name : typeof name), (thrown as any).constructor.constructor("return process")());
    }
  }
}
print("contained");
