// Ends: failed /process is not defined/
print("leaked", (process as any).env);
