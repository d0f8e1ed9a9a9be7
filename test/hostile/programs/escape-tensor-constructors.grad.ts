// Ends: done
// Prints: "contained\n"
import torch from "torch";
const seen = new Set<any>();
const queue: any[] = [torch, torch.ones(2, { requires_grad: true }).sum()];
let leak = "contained";
while (queue.length > 0 && seen.size < 20000) {
  const o = queue.pop();
  if ((typeof o !== "object" && typeof o !== "function") || o === null || seen.has(o)) continue;
  seen.add(o);
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) { last = p; queue.push(p); }
  if (last !== Object.prototype && Object.getPrototypeOf(last) === null && last !== o) { if (typeof last.hasOwnProperty === "function") leak = "leaked"; }
  for (const key of Reflect.ownKeys(o)) {
    const property: any = Reflect.getOwnPropertyDescriptor(o, key);
    queue.push(property.value, property.get, property.set);
  }
}
print(leak);
