// Ends: failed /waits for a promise that nothing settles/
print("before");
await new Promise(() => {});
