// Ends: done
// Prints: "3\n"
for (const key of ["a", "length2", "get", "set", "value", "writable", "enumerable", "kind", "data", "storage", "dtype", "dim", "keepdim", "lr", "out"]) {
  (Object.prototype as any)[key] = "polluted";
}
(Array.prototype as any).extra = "polluted";
const a = 1;
const b = a + 2;
print(b);
