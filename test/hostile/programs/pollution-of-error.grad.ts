// Ends: failed /boom/
const E: any = Error;
Error.prototype.toString = () => { throw new E("mine"); };
(E as any).stackTraceLimit = 0;
Object.defineProperty(E.prototype, "name", { get() { throw 1; } });
Object.defineProperty(E.prototype, "constructor", { get() { throw 1; } });
throw new E("boom");
