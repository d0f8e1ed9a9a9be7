// Ends: done
// Prints: "True True\n"
// Tries: the error of a refused eval, if it came from another realm.
try {
  eval("1");
} catch (error: any) {
  print(error.constructor === EvalError, error.constructor.constructor === Function);
}
