// Ends: rejected /import/
class A extends (import("node:fs") as any) {}
print("leaked", A);
