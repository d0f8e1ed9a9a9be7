// Ends: failed /require is not defined/
const fs = (require as any)("fs");
print("leaked", fs);
