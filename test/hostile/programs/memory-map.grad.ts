// Ends: stopped memory or failed /Map maximum size exceeded/
// Limits: memory 150 time 20000
const map = new Map();
for (let i = 0; ; i++) map.set(i, i);
