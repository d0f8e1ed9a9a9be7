import type { Node } from "typescript-js";

/** A stretch of the output: source text at its place, or text written in the name of a node. */
export interface Piece {
  text: string;
  /** Offset in the source of the text's first character; a piece of source has its length there too. */
  start: number;
  /** The node a written piece stands for; null for a piece of source. */
  owner: Node | null;
}

/**
 * Copies source text to the output, with insertions, from its start to its end and never back: whoever
 * walks the tree in source order can say at any point what comes next. Lines never move, because only
 * text without line breaks is inserted and line breaks are never dropped.
 */
export class SourceWriter {
  readonly pieces: Piece[] = [];
  readonly #source: string;
  #cursor = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Writes `text` before the source character at `position`, after what was already inserted there. */
  insert(position: number, text: string, owner: Node): void {
    this.#copyTo(position);
    this.pieces.push({ text, start: position, owner });
  }

  /** A place whose text is known only later: fill in the `text` of the piece returned. */
  reserve(position: number, owner: Node): Piece {
    this.insert(position, "", owner);
    return this.pieces[this.pieces.length - 1]!;
  }

  /** Replaces a range of the source by spaces. */
  erase(start: number, end: number): void {
    this.#copyTo(start);
    const text = this.#source.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, " ");
    this.pieces.push({ text, start, owner: null });
    this.#cursor = end;
  }

  replace(start: number, end: number, text: string, owner: Node): void {
    this.insert(start, text, owner);
    if (/[\r\n\u2028\u2029]/.test(this.#source.slice(start, end))) this.erase(start, end);
    else this.#cursor = end;
  }

  finish(): string {
    this.#copyTo(this.#source.length);
    return this.pieces.map((piece) => piece.text).join("");
  }

  #copyTo(position: number): void {
    if (position <= this.#cursor) return;
    this.pieces.push({
      text: this.#source.slice(this.#cursor, position),
      start: this.#cursor,
      owner: null,
    });
    this.#cursor = position;
  }
}
