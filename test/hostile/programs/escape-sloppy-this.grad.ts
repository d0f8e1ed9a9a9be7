// Ends: done
// Prints: "undefined undefined\n"
function loose(this: any) { return this; }
const direct: any = loose();
const called: any = loose.call(undefined as any);
print(typeof direct?.process, typeof called?.process);
