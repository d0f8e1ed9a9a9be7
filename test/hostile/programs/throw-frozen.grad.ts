// Ends: failed /frozen/
throw Object.freeze(new Error("frozen"));
