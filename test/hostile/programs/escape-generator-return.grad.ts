// Ends: done
// Prints: "contained\n"
let leak = "contained";
const iterator: any = { [Symbol.iterator]() { return this; }, next() { return { done: false, value: 1 }; },
  return(value: any) { if (value !== undefined) leak = "leaked"; return {}; } };
for (const x of iterator) break;
const [one] = iterator;
print(leak);
