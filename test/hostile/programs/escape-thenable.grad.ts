// Ends: done
// Prints: "contained\n"
let leak = "contained";
await { then(resolve: any, reject: any) {
  for (const f of [resolve, reject]) if (!(f instanceof Function)) leak = "leaked";
  resolve(1);
} };
print(leak);
