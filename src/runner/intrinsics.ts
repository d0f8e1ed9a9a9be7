/**
 * Freezes what JavaScript itself brings to this realm: every object and function that can be reached from its
 * constructors and prototypes, so that whoever gets hold of one can change nothing for the others.
 */
export function freezeIntrinsics(): void {
  const found = new Set<object>();
  const waiting: unknown[] = roots();
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (!isObject(value) || found.has(value) || value === globalThis) continue;
    found.add(value);
    waiting.push(Object.getPrototypeOf(value));
    for (const property of Object.values(Object.getOwnPropertyDescriptors(value))) {
      waiting.push(property.value, property.get, property.set);
    }
  }
  for (const value of found) Object.freeze(value);
}

function roots(): unknown[] {
  const named = Object.entries(Object.getOwnPropertyDescriptors(globalThis));
  const builtin = named.filter(([name]) => /^[A-Z]/.test(name)).map(([, { value }]) => value as unknown);
  // These have no name of their own.
  const syntax = [
    async () => {},
    function* () {},
    async function* () {},
    new Map().entries(),
    /x/g[Symbol.matchAll](""),
  ];
  return [...builtin, ...syntax, [].values(), new Set().values(), ""[Symbol.iterator]()];
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
