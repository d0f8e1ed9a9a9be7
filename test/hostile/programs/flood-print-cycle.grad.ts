// Ends: done or failed /./
const a: any = [1];
a.push(a);
const o: any = { a };
o.o = o;
print(a);
print(o);
console.log(a, o);
