// Ends: stopped time or stopped memory
// Limits: time 400
const refs: any[] = [];
for (;;) { refs.push(new WeakRef({})); if (refs.length > 1000) refs.length = 0; }
