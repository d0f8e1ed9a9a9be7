// Ends: failed /Worker is not defined/
print("leaked", new (Worker as any)("data:text/javascript,"));
