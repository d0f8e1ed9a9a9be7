// Ends: stopped time or stopped memory
// Limits: memory 300 time 400
const loop = (): any => { Promise.resolve().then(loop); Promise.resolve().then(loop); };
loop();
