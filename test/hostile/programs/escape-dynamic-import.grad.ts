// Ends: rejected /import/
const fs = await import("node:fs");
print("leaked", fs);
