// Ends: failed /SharedArrayBuffer is not defined/
const shared = new SharedArrayBuffer(16);
print("leaked", shared);
