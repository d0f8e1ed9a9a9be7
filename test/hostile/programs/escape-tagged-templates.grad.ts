// Ends: done
// Prints: "contained True\n"
function tag(parts: any, ...values: any[]): any { return parts; }
const first = tag`a${1}b`;
const again = () => tag`x`;
print(Object.getPrototypeOf(first) === Array.prototype ? "contained" : "leaked", again() === again() || true);
