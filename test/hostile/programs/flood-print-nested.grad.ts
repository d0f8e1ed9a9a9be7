// Ends: done or stopped output or failed /./ or stopped time
// Limits: output 100000 time 400
let o: any = {};
for (let i = 0; i < 100000; i++) o = { o, p: [o] };
print(o);
console.log(o);
