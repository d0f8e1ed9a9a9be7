import { defaultGenerator } from "../../engine/random/generator";

/**
 * Has the realm's random numbers begin at `seed`, also where the program says `torch.manual_seed(n)`. Programs that
 * name several seeds still get several.
 */
export function overrideSeed(seed: number): void {
  const { manual_seed } = Object.getPrototypeOf(defaultGenerator) as typeof defaultGenerator;
  const named: unknown[] = [];
  const given = (wanted: unknown): number => {
    if (!named.includes(wanted)) named.push(wanted);
    return seed + named.indexOf(wanted);
  };
  defaultGenerator.manual_seed = (wanted) => Reflect.apply(manual_seed, defaultGenerator, [given(wanted)]);
  Reflect.apply(manual_seed, defaultGenerator, [seed]);
}
