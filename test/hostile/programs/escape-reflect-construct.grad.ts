// Ends: failed /Code generation from strings disallowed/
const made: any = Reflect.construct(Function, ["return process.env"]);
print("leaked", made());
