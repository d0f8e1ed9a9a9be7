// Functions that run inside VS Code's page; plain JavaScript because they are sent there as text.

/**
 * From now on, times the next key press: until a frame is painted in which the line containing `marker` has
 * an annotation that differs from the one it has now, undimmed. The result is left in `window.keystroke`, a
 * promise of milliseconds.
 */
export function timeNextKeystroke(marker) {
  const annotation = () => {
    const line = [...document.querySelectorAll(".view-line")].find((candidate) =>
      candidate.textContent.replaceAll("\u00a0", " ").includes(marker),
    );
    let text = "";
    for (const decoration of line?.querySelectorAll("[class*='TextEditorDecorationType']") ?? []) {
      const { content, opacity } = getComputedStyle(decoration, "::after");
      if (content === "none" || content === "normal") continue;
      if (Number(opacity) < 1) return null;
      text += content;
    }
    return text;
  };
  const before = annotation();
  window.keystroke = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`No new annotation at "${marker}" within 15 s.`)), 15_000);
    const begin = (event) => {
      const look = () => {
        const now = annotation();
        if (!now || now === before) return requestAnimationFrame(look);
        // A task posted from a frame callback runs after that frame is painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - event.timeStamp);
        port2.postMessage(null);
      };
      requestAnimationFrame(look);
    };
    window.addEventListener("keydown", begin, { capture: true, once: true });
  });
}

export function keystrokeTime() {
  return window.keystroke;
}
