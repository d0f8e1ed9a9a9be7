// Ends: failed /later/
await Promise.resolve().then(() => { throw new Error("later"); });
