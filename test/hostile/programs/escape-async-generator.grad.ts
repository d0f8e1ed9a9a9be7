// Ends: done
// Prints: "3 True\n"
async function* numbers() { try { yield 1; yield 2; } finally { await null; } }
let sum = 0;
for await (const n of numbers()) sum += n;
const machinery: any = Object.getPrototypeOf(Object.getPrototypeOf(numbers()));
print(sum, machinery.next instanceof Function);
