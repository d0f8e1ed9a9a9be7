// Ends: stopped time
// Limits: time 400
const loop = (): any => { Promise.resolve().then(loop); };
loop();
print("on");
