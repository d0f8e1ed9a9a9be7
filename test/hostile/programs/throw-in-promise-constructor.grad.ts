// Ends: failed /inside/
await new Promise(() => { throw new Error("inside"); });
