// Ends: failed /Stop/
throw Object.freeze({ name: "Stop" });
