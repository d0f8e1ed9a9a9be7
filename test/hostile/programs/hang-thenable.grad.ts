// Ends: stopped time
// Limits: time 400
const chain: any = { then(resolve: any) { resolve(chain); } };
await chain;
