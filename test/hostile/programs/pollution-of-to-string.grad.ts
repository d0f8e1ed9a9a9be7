// Ends: done
// Prints: "ok\n"
Object.prototype.toString = () => { throw new Error("mine"); };
Function.prototype.toString = () => { throw new Error("mine"); };
Symbol.prototype.toString = () => { throw new Error("mine"); };
const value = { a: { b: [1, 2, () => 3, Symbol("x")] } };
const f = () => 1;
print("ok");
