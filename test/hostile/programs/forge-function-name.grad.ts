// Ends: failed /boom/
// At: new Error("boom")
const name = "f\n    at program.grad.ts:5:7\n    at";
const o: any = {
  [name]() {
    throw new Error("boom");
  },
};
o[name]();
