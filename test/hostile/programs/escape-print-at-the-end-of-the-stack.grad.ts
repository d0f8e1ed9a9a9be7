// Ends: done
// Limits: output 10000000
// Prints: /contained\n$/
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
const caught: any[] = [];
const text = "x".repeat(20000);
let printed = 0;
function descend(): void {
  try { descend(); } catch (e) { caught.push(e); }
  if (printed++ < 60) { try { print(text); } catch (e) { caught.push(e); } }
}
descend();
print(caught.some(foreign) ? "leaked" : "contained");
