// Functions that run inside VS Code's page; plain JavaScript because they are sent there as text.

/**
 * The text that decorations show after each visible line, by 1-based line number. Line numbers stand in the
 * margin, in rows with the same `top` as the lines of text.
 *
 * @returns {[line: number, text: string, opacity: number][]}
 */
export function readAnnotations() {
  const editor = document.querySelector(".editor-group-container.active .monaco-editor");
  if (!editor) return [];
  const lineAtTop = new Map();
  for (const number of editor.querySelectorAll(".margin-view-overlays .line-numbers")) {
    lineAtTop.set(number.parentElement.style.top, Number(number.textContent));
  }
  const found = new Map();
  for (const decoration of editor.querySelectorAll(".view-line [class*='TextEditorDecorationType']")) {
    const style = getComputedStyle(decoration, "::after");
    if (style.content === "none" || style.content === "normal") continue;
    const text = style.content.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1").replaceAll("\u00a0", " ");
    const alpha = /^rgba\(.*, ([\d.]+)\)$/.exec(style.color)?.[1] ?? "1";
    const opacity = Number(style.opacity) * Number(alpha);
    const line = lineAtTop.get(decoration.closest(".view-line").style.top);
    const before = found.get(line);
    found.set(line, before ? [before[0] + text, Math.min(before[1], opacity)] : [text, opacity]);
  }
  return [...found].map(([line, [text, opacity]]) => [line, text, opacity]);
}

/**
 * What the paste key does with this text on the clipboard.
 *
 * @param {string} text
 */
export function paste(text) {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}

/** The visible lines of the document, top to bottom. */
export function readLines() {
  const lines = [...document.querySelectorAll(".editor-group-container.active .monaco-editor .view-line")];
  return lines
    .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
    .map((line) => line.textContent.replaceAll("\u00a0", " "));
}

/**
 * From now on, notes what decorations show after each of these 1-based lines in each frame as it is painted. An
 * element that changes its size in each frame makes for that: such changes are told after all else was laid out.
 * No function in here has a name: the bundler would call a helper that the page does not have.
 */
export function recordFrames(lines) {
  window.frameTexts = [];
  const pulse = document.body.appendChild(document.createElement("div"));
  pulse.style.cssText = "position: fixed; visibility: hidden; width: 1px; height: 1px";
  window.beat = () => {
    pulse.style.width = pulse.style.width === "1px" ? "2px" : "1px";
    requestAnimationFrame(window.beat);
  };
  new ResizeObserver(() => {
    const editor = document.querySelector(".editor-group-container.active .monaco-editor");
    const texts = lines.map((line) => {
      const numbers = [...editor.querySelectorAll(".margin-view-overlays .line-numbers")];
      const top = numbers.find(({ textContent }) => Number(textContent) === line)?.parentElement.style.top;
      const row = [...editor.querySelectorAll(".view-line")].find(({ style }) => style.top === top);
      const spans = [...(row?.querySelectorAll("[class*='TextEditorDecorationType']") ?? [])];
      const contents = spans.map((span) => getComputedStyle(span, "::after").content);
      return contents.filter((content) => content !== "none" && content !== "normal").join("");
    });
    window.frameTexts.push({ atMs: performance.now(), texts });
  }).observe(pulse);
  requestAnimationFrame(window.beat);
}

/** @returns {{ atMs: number, texts: string[] }[]} What `recordFrames` noted. */
export function recordedFrames() {
  return window.frameTexts;
}
