// Ends: failed /fetch is not defined/
print("leaked", await (fetch as any)("http://127.0.0.1:9/"));
