// Ends: rejected /import\.meta/
print("leaked", (import.meta as any).url);
