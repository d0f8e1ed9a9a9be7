// Ends: done
// Prints: "contained\n"
// Tries: paths of the machine in what functions and stacks say of themselves.
const texts = [String(print), String(console.log), (new Error("x") as any).stack, String((globalThis as any).$gradlens)];
try { (null as any).x; } catch (e: any) { texts.push(e.stack); }
print(texts.some((text) => /\/home|\/usr|\/tmp|node_modules|dist\//.test(text)) ? "leaked" : "contained");
