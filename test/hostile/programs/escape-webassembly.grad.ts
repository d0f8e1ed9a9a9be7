// Ends: failed /WebAssembly is not defined/
const code = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
print("leaked", new WebAssembly.Module(code));
