// Ends: done
// Prints: "undefined undefined\n"
const enter: any = (globalThis as any).$gradlens;
print(typeof enter(), typeof enter.call(null, () => print("leaked")));
