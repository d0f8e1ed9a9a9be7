// Ends: done
// Prints: "contained 10\n"
// Tries: every object through which strings become code.
const makers: any[] = [
  Function, (async () => {}).constructor, (function* () {}).constructor, (async function* () {}).constructor,
  eval, (0, eval), print.constructor, console.log.constructor, Array.from.constructor, Reflect.construct.constructor,
];
let contained = 0;
for (const make of makers) {
  try {
    const made = make("return process");
    print("leaked", typeof made === "function" ? made() : made);
  } catch (error: any) {
    if (error instanceof EvalError) contained += 1;
  }
}
print("contained", contained);
