import { shapeText } from "../annotations/texts";
import type { SeenValue } from "../language/tensors/seen";
import type { Trace } from "../trace/model";

/** What a run saw, for the language service: shapes of tensors, and names in mappings of tensors. */
export function seenValues({ sites, seen, outcome }: Trace): SeenValue[] {
  const failed = outcome.kind === "failed" ? outcome.error : undefined;
  return [...seen].flatMap(([id, { value }]): SeenValue[] => {
    const { start, end } = sites[id]!;
    if (value.kind === "plain") {
      const keys = keysOf(value.text);
      return keys.length > 0 ? [{ start, end, label: value.text, keys }] : [];
    }
    const { shape } = value;
    const label = `${shapeText(shape)} ${value.dtype.replace("torch.", "")}`;
    const isFailed = failed !== undefined && failed.start <= start && end <= failed.end;
    return [{ start, end, label, shape, ...(isFailed ? { failed: true } : {}) }];
  });
}

/** The names of a `Map(2) { "weight" => tensor(…), … }`, as far as its text goes. */
function keysOf(text: string): string[] {
  if (!/^Map\(\d+\) \{/.test(text)) return [];
  return [...text.matchAll(/"((?:[^"\\]|\\.)+)" => /g)].map(([, key]) => key!);
}
