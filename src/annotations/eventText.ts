import type { TrainingEvent } from "../trace/model";
import { BETWEEN_VALUES, fixed, type Piece } from "./pieces";
import { numbersOf, numberText, shapeText } from "./texts";

/** Gradients and movements of at most this many elements are shown in numbers, others by shape and size. */
const MAX_SHOWN_ELEMENTS = 4;

/** What a statement did to the training: `∇ → w [−32., −40.] · b [−8.]`, `Δ w [0.0266]`. */
export function eventPieces(event: TrainingEvent): Piece[] {
  return event.kind === "backward" ? backwardPieces(event.leaves) : stepPieces(event.moved);
}

type Leaves = Extract<TrainingEvent, { kind: "backward" }>["leaves"];
type Moved = Extract<TrainingEvent, { kind: "step" }>["moved"];

function backwardPieces(leaves: Leaves): Piece[] {
  return listOf("∇ → ", leaves, ({ shape, grad }) =>
    grad === "" ? null : { numbers: numbersOf(grad), size: shapeText(shape) },
  );
}

function stepPieces(moved: Moved): Piece[] {
  return listOf("Δ ", moved, ({ change, distance }) =>
    Number.isNaN(distance) ? null : { numbers: numbersOf(change), size: `‖${numberText(distance)}‖` },
  );
}

/** What a leaf is told by besides its name: numbers if they are few, else their size. */
interface Detail {
  numbers: string;
  size: string;
}

/** Names with a detail each; what has no name is told by its shape. */
function listOf<T extends { name: string | null; shape: number[] }>(
  lead: string,
  items: readonly T[],
  detailOf: (item: T) => Detail | null,
): Piece[] {
  const named = items.filter(({ name }) => name !== null);
  const unnamed = items.filter(({ name }) => name === null);
  const model = unnamed.length === 0 ? commonModel(items.map(({ name }) => name!)) : null;
  return [...named, ...unnamed].flatMap((item, index): Piece[] => {
    const path = item.name?.slice(model === null ? 0 : model.length + 1);
    const name = path ?? `unnamed ${shapeText(item.shape)}`;
    return [
      fixed(`${index === 0 ? lead : BETWEEN_VALUES}${name}`),
      detailPiece(detailOf(item), elementsIn(item.shape)),
    ];
  });
}

/** `model` if it is the module that all of several parameters belong to: it goes without saying. */
function commonModel(names: readonly string[]): string | null {
  const [first] = names[0]?.split(".") ?? [];
  if (first === undefined || names.length < 2) return null;
  return names.every((name) => name.startsWith(`${first}.`)) ? first : null;
}

function detailPiece(detail: Detail | null, elements: number): Piece {
  if (detail === null) return { role: "detail", text: "" };
  const size = ` ${detail.size}`;
  const numbers = ` ${detail.numbers}`;
  if (elements > MAX_SHOWN_ELEMENTS) return { role: "detail", text: size };
  return { role: "detail", text: numbers, brief: elements > 1 ? size : numbers };
}

function elementsIn(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
