// Ends: failed /Uncaught/
class Bad extends Error {
  get message(): string { throw 1; }
  get stack(): string { throw 2; }
  get name(): string { throw 3; }
}
throw new Bad();
