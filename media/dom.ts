type Attributes = Record<string, string | number | boolean | undefined>;

/** An element with attributes (`true` for an empty one, `false` or undefined for none) and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  setAttributes(created, attributes);
  created.append(...children);
  return created;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? "" : String(value));
  }
}

export function button(label: string, attributes: Attributes, onClick: () => void): HTMLButtonElement {
  const created = element("button", { type: "button", ...attributes }, label);
  created.addEventListener("click", onClick);
  return created;
}

export interface Choice<T extends string> {
  value: T;
  label: string;
}

/** A select whose options can be changed; `onChange` is called for what the user picks. */
export class Select<T extends string> {
  readonly element: HTMLSelectElement;
  private shown = "";

  constructor(label: string, onChange: (value: T) => void) {
    this.element = element("select", { "aria-label": label, title: label });
    this.element.addEventListener("change", () => onChange(this.element.value as T));
  }

  show(choices: readonly Choice<T>[], value: T): void {
    const signature = JSON.stringify(choices);
    if (signature !== this.shown) {
      this.shown = signature;
      this.element.replaceChildren(
        ...choices.map((choice) => element("option", { value: choice.value }, choice.label)),
      );
    }
    this.element.value = value;
  }
}

const FRAME_MS = 30;

/**
 * Calls `draw` in the next frame, at most once for any number of calls, not more often than 30 times a second, and
 * less often where that leaves no time for anything else: from a draw to the frame after it counts as its time.
 */
export function perFrame(draw: () => void): () => void {
  let isDue = false;
  let nextAt = 0;
  return () => {
    if (isDue) return;
    isDue = true;
    const step = (time: number) => {
      if (time < nextAt) {
        requestAnimationFrame(step);
        return;
      }
      isDue = false;
      nextAt = time + FRAME_MS;
      draw();
      requestAnimationFrame((after) => {
        nextAt = Math.max(nextAt, time + 2 * (after - time) - FRAME_MS / 2);
      });
    };
    requestAnimationFrame(step);
  };
}
