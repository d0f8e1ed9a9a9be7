// Ends: done
// Prints: "contained\n"
let leak = "contained";
class Listening extends Array { static get [Symbol.species]() { return function (this: any, n: any) { if (!(this instanceof Object)) leak = "leaked"; return []; } as any; } }
const list: any = Listening.from([1, 2, 3]);
list.map((x: any) => x);
print(list.length === 3 ? leak : "leaked");
