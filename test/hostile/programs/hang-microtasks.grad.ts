// Ends: stopped time
// Limits: time 400
const loop = (): any => Promise.resolve().then(loop);
await loop();
