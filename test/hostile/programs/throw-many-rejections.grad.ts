// Ends: failed /no 0/ or stopped time
// Limits: time 400
for (let i = 0; i < 20000; i++) Promise.reject(new Error("no " + i));
