// Ends: done
// Prints: /contained\n$/
// Limits: time 3000
// Tries: an error of the host's own realm, thrown when the host runs out of stack while formatting.
const foreign = (o: any) => {
  if ((typeof o !== "object" && typeof o !== "function") || o === null) return false;
  let last = o;
  for (let p = o; p !== null; p = Object.getPrototypeOf(p)) last = p;
  return last !== Object.prototype;
};
const caught: any[] = [];
let tries = 0;
function descend(): void {
  try { descend(); } catch (e) { caught.push(e); }
  if (tries++ < 2000) {
    const error: any = {};
    try { Error.captureStackTrace(error); void error.stack; } catch (e) { caught.push(e); }
    try { void (new Error("x") as any).stack; } catch (e) { caught.push(e); }
  }
}
descend();
let power = 0;
for (const error of caught) {
  if (!foreign(error)) continue;
  const root = Object.getPrototypeOf(Object.getPrototypeOf(Object.getPrototypeOf(error)));
  try { root.polluted = 1; power++; } catch {}
  try { Object.getPrototypeOf(error).constructor.constructor("return process")(); power++; } catch {}
  try { Object.defineProperty(root.constructor, "keys", { value: 1 }); power++; } catch {}
  try { Object.getPrototypeOf(error).constructor.prepareStackTrace = () => 1; power++; } catch {}
}
print(tries > 1000, caught.length > 0, caught.filter(foreign).length, power === 0 ? "contained" : "leaked");
