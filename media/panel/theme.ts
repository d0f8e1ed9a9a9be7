/** The colours of VS Code's theme that a canvas needs. */
export interface Theme {
  foreground: string;
  muted: string;
  grid: string;
  background: string;
  font: string;
  marker: string;
  series: readonly string[];
}

/** As many as there are runs to compare. */
const SERIES = ["blue", "orange", "green", "purple", "red", "yellow", "cyan", "pink", "brown", "grey"];

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const read = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const foreground = read("--vscode-foreground", "#888");
  return {
    foreground,
    muted: read("--vscode-descriptionForeground", foreground),
    grid: read("--gradlens-grid", foreground),
    background: read("--vscode-editor-background", "#fff"),
    font: `11px ${read("--vscode-font-family", "sans-serif")}`,
    marker: read("--vscode-focusBorder", foreground),
    series: SERIES.map((name) => read(`--gradlens-series-${name}`, foreground)),
  };
}

/** VS Code puts another class or style on the page when the theme changes. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributeFilter: ["class"] });
  observer.observe(document.documentElement, { attributeFilter: ["style"] });
}
