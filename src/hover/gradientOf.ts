import type { Trace } from "../trace/model";
import type { Found } from "./resolve";

/** The tensor whose `.grad` an expression reads. */
export interface GradientOwner {
  /** As written: `w`, `model.layer1.weight`. */
  what: string;
  /** Site of the tensor; null if none is known that has this gradient. */
  site: number | null;
}

/**
 * Of what tensor a hovered value is the gradient; null if it is none. Of several places where the tensor was
 * seen, it is one whose gradient is the value.
 */
export function gradientOwner({ source, sites, seen }: Trace, found: Found): GradientOwner | null {
  const site = sites[found.site]!;
  const text = source.slice(site.start, site.end);
  const what = /^([\w$.]+(?:\[[^\]]*\][\w$.]*)*)[!?]?\.grad!?$/.exec(text)?.[1];
  if (what === undefined) return null;
  const grad = seen.get(found.site)?.value.text;
  const owners = sites.flatMap((one, id) => {
    const isOwner = one.name === what || source.slice(one.start, one.end) === what;
    const value = seen.get(id)?.value;
    return isOwner && value?.kind === "tensor" && value.grad === grad ? [id] : [];
  });
  const above = owners.filter((id) => sites[id]!.start <= site.start);
  return { what, site: (above.length > 0 ? above : owners).at(-1) ?? null };
}
