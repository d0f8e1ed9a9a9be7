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

/** Calls `draw` in the next frame, at most once for any number of calls and not more often than 30 times a second. */
export function perFrame(draw: () => void): () => void {
  let isDue = false;
  let drawnAt = 0;
  return () => {
    if (isDue) return;
    isDue = true;
    const step = (time: number) => {
      if (time - drawnAt < 30) requestAnimationFrame(step);
      else {
        isDue = false;
        drawnAt = time;
        draw();
      }
    };
    requestAnimationFrame(step);
  };
}
