// Ends: done
// Prints: "undefined\n"
// Tries: shared memory by the prototype of what V8 makes from it.
const tag: any = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), "buffer")!.get!.call(new Int8Array(1));
print(typeof (tag.constructor as any).prototype.grow);
