// Ends: failed /not a function/
//# sourceURL=other.js
// At: f()
const f: any = 1;
f();
//# sourceMappingURL=http://127.0.0.1:9/leak.map
