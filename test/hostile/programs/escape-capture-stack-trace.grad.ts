// Ends: done
// Prints: "string False False\n"
// Tries: call sites with getThis and getFunction.
const holder: any = {};
Error.captureStackTrace(holder);
print(typeof holder.stack, Array.isArray(holder.stack), /node:|program\.cjs|\/dist\//.test(holder.stack));
