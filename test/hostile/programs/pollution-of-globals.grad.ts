// Ends: done or failed /is not defined|not a constructor/

const g: any = globalThis;
for (const name of ["Array", "Object", "Map", "Set", "JSON", "Math", "Number", "String", "Promise", "Symbol", "Reflect", "Date", "Float32Array", "Float64Array", "Int32Array", "WeakMap", "Proxy", "RegExp", "undefined", "NaN"]) {
  try { g[name] = undefined; } catch {}
  try { delete g[name]; } catch {}
}
print("fine");
