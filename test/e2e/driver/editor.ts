import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BrowserContext, Page } from "playwright-core";
import { windowUrl } from "../../../scripts/vscode/server.mjs";
import { repoRoot } from "../../repo";
import { paste, readAnnotations, readLines } from "./in-page.mjs";
import { sharedBrowser, sharedServer } from "./session";

/** What a window looks like and how it works. */
export interface WindowOptions {
  viewport?: { width: number; height: number };
  /** The label or id of a colour theme; "Dark Modern" unless said otherwise. */
  theme?: string;
  /** Settings on top of those that make typing predictable. */
  settings?: Record<string, unknown>;
}

export interface EditorOptions extends WindowOptions {
  /** A file of the repository, which is copied to a folder of its own; with `text`, only its name. */
  file: string;
  /** Contents to use in place of the file's. */
  text?: string;
  /** `development` (this repository), the folder of another extension in development, or a vsix file. */
  extension?: string;
  /** Takes the window that an earlier test left behind, if there is one: seconds are saved. */
  reuse?: boolean;
}

export interface Annotation {
  text: string;
  /** Shown with an opacity below 1, because the value is older than the text beside it. */
  dimmed: boolean;
}

export interface Problem {
  severity: "error" | "warning" | "info";
  message: string;
  /** 1-based, as shown. */
  line: number;
  column: number;
}

const VIEWPORT = { width: 1280, height: 800 };

/** How long an editor may take to show what a test expects. */
const PATIENCE_MS = 15_000;

/** Nothing is inserted that a test did not type, and the editor fills the window. */
const predictableSettings = {
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.autoIndent": "none",
  "editor.acceptSuggestionOnEnter": "off",
  "editor.acceptSuggestionOnCommitCharacter": false,
  "editor.minimap.enabled": false,
  "editor.wordWrap": "off",
  "files.autoSave": "off",
  "files.hotExit": "off",
  "files.exclude": { "**/.vscode": true },
};

const openEditors = new Set<Editor>();
/** Left behind by a test that passed, for one that takes it. */
let leftBehind: Editor | undefined;

afterEach("close the editors", async function () {
  const title = this.currentTest?.fullTitle().replace(/[^a-z0-9]+/gi, "-");
  const hasFailed = this.currentTest?.state !== "passed";
  for (const editor of openEditors) {
    if (hasFailed) await editor.screenshot(`failed/${title}`);
    if (!hasFailed && editor.isReusable && leftBehind === undefined) leftBehind = editor;
    else await editor.close();
  }
  openEditors.clear();
});

after("close the last editor", () => leftBehind?.close());

/** Opens `file` in a window, of its own unless it may be reused, and waits until it can be typed into. */
export async function openEditor(options: EditorOptions): Promise<Editor> {
  const left = leftBehind;
  leftBehind = undefined;
  if (left === undefined || !isReusable(options)) {
    await left?.close();
    return openWindow(options);
  }
  openEditors.add(left);
  await left.closeFiles();
  await left.configure(options);
  await left.openFile(await placeFile(await mkdtemp(join(left.folder, "test-")), options));
  return left;
}

/** A window keeps the extension with which it was opened. */
function isReusable({ reuse = false, extension = "development" }: EditorOptions): boolean {
  return reuse && extension === "development";
}

/** Writes the file that a test asks for into a folder. */
async function placeFile(folder: string, { file, text }: Pick<EditorOptions, "file" | "text">) {
  const path = join(folder, basename(file));
  if (text === undefined) await copyFile(resolve(repoRoot, file), path);
  else await writeFile(path, text);
  return path;
}

async function openWindow(options: EditorOptions): Promise<Editor> {
  const { extension = "development" } = options;
  const folder = await mkdtemp(join(tmpdir(), "gradlens-e2e-"));
  const path = await placeFile(folder, options);
  await writeSettings(folder, options);

  const vsix = extension.endsWith(".vsix") ? extension : undefined;
  const server = await sharedServer(vsix);
  const context = await (await sharedBrowser()).newContext({ viewport: options.viewport ?? VIEWPORT });
  const editor = new Editor(context, await context.newPage(), folder, isReusable(options));
  openEditors.add(editor);
  const development = extension === "development" ? repoRoot : resolve(repoRoot, extension);
  await editor.load(windowUrl(server, { folder, file: path, ...(vsix ? {} : { extension: development }) }));
  return editor;
}

async function writeSettings(
  folder: string,
  { theme = "Default Dark Modern", settings }: WindowOptions,
  title?: string,
): Promise<void> {
  const all = {
    ...predictableSettings,
    "workbench.colorTheme": theme,
    ...(title !== undefined && { "window.title": title }),
    ...settings,
  };
  await mkdir(join(folder, ".vscode"), { recursive: true });
  await writeFile(join(folder, ".vscode/settings.json"), JSON.stringify(all));
}

/** One VS Code window with one file, used as a person would: with keys, the mouse and eyes. */
export class Editor {
  readonly page: Page;
  readonly #context: BrowserContext;
  /** What the window shows: a folder of its own. */
  readonly folder: string;
  /** Whether another test may be given this window. */
  readonly isReusable: boolean;
  #configured = 0;

  constructor(context: BrowserContext, page: Page, folder: string, isReusable = false) {
    this.#context = context;
    this.page = page;
    this.folder = folder;
    this.isReusable = isReusable;
  }

  async load(url: string): Promise<void> {
    await this.page.goto(url);
    await this.#textIsShown();
  }

  /** Opens another file, by its absolute path. */
  async openFile(path: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget:visible input");
    await this.pressKeys("Control+P");
    await input.fill(path);
    const folder = basename(dirname(path));
    await this.page
      .locator(`.quick-input-list .monaco-list-row[aria-label*="${basename(path)}"][aria-label*="${folder}"]`)
      .first()
      .click();
    await this.#textIsShown();
  }

  /** Closes every tab without saving, and whatever stands around them. */
  async closeFiles(): Promise<void> {
    const tabs = this.page.locator(".tabs-container .tab");
    while ((await tabs.count()) > 0) {
      const before = await tabs.count();
      await this.runCommand("View: Revert and Close Editor");
      await this.waitUntil(
        () => tabs.count(),
        (count) => count < before,
        "a tab to close",
      );
    }
  }

  /** Gives the window another size, theme and settings. */
  async configure(options: WindowOptions): Promise<void> {
    await this.page.setViewportSize(options.viewport ?? VIEWPORT);
    // Once the title is there, so are the other settings.
    const title = `settings ${++this.#configured}`;
    await writeSettings(this.folder, options, title);
    await this.waitUntil(
      () => this.page.title(),
      (shown) => shown.endsWith(title),
      `the title "${title}"`,
    );
  }

  async #textIsShown(): Promise<void> {
    await this.page.locator(".editor-group-container.active .monaco-editor .view-line").first().waitFor();
    await this.focus();
  }

  /** Puts the keyboard focus into the text. */
  async focus(): Promise<void> {
    await this.page
      .locator(".editor-group-container.active .monaco-editor")
      .locator("textarea.inputarea, .native-edit-context")
      .first()
      .focus();
  }

  /** Types at the cursor. A line break is the Enter key. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Pastes a text in the place of all. Typed, VS Code takes it character by character: minutes for 300,000. */
  async replaceText(text: string): Promise<void> {
    await this.focus();
    await this.pressKeys("Control+A");
    await this.page.evaluate(paste, text);
  }

  /** Presses a chord, or several in turn: `pressKeys("End", "Control+Z")`. */
  async pressKeys(...chords: string[]): Promise<void> {
    for (const chord of chords) await this.page.keyboard.press(chord);
  }

  /** Moves the cursor to a 1-based line and column. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.pressKeys("Control+G");
    const input = this.page.locator(".quick-input-widget:visible input");
    await input.fill(`:${line}:${column}`);
    await input.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Selects the whole 1-based line, without its line break, so that typing replaces it. */
  async selectLine(line: number): Promise<void> {
    await this.goTo(line);
    await this.pressKeys("Home", "Home", "Shift+End");
  }

  /** Runs the command that the palette lists under exactly this name, category included. */
  async runCommand(name: string): Promise<void> {
    await this.pressKeys("F1");
    const input = this.page.locator(".quick-input-widget:visible input");
    await input.fill(`>${name}`);
    await this.page
      .locator(".quick-input-list .monaco-list-row")
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .first()
      .click();
  }

  /** The visible lines of text. */
  async lines(): Promise<string[]> {
    return this.page.evaluate(readLines);
  }

  /** The annotations of the visible lines, by 1-based line. */
  async annotations(): Promise<Map<number, Annotation>> {
    const found = await this.page.evaluate(readAnnotations);
    return new Map(found.map(([line, text, opacity]) => [line, { text, dimmed: opacity < 1 }]));
  }

  /**
   * Waits until each of these 1-based lines has an annotation containing the text, or none at all for
   * `null`. All of them must be dimmed, or none.
   */
  async shows(expected: Record<number, string | null>, { dimmed = false } = {}): Promise<void> {
    const matches = (annotation: Annotation | undefined, text: string | null) =>
      text === null ? !annotation?.text : annotation?.text.includes(text) && annotation.dimmed === dimmed;
    const wanted = Object.entries(expected);
    await this.waitUntil(
      () => this.annotations(),
      (seen) => wanted.every(([line, text]) => matches(seen.get(Number(line)), text)),
      `annotations ${JSON.stringify(expected)}${dimmed ? ", dimmed" : ""}`,
    );
  }

  /** What hovering over a 1-based place shows, as plain text. */
  async hover(line: number, column: number): Promise<string> {
    await this.goTo(line, column);
    await this.pressKeys("Control+K", "Control+I");
    const contents = this.page.locator(".monaco-hover:not(.hidden) .monaco-hover-content:visible");
    const text = await this.waitUntil(
      async () => (await contents.allInnerTexts()).join("\n").replaceAll("\u00a0", " ").trim(),
      (shown) => shown !== "" && !/^Loading/.test(shown),
      `a hover at ${line}:${column}`,
    );
    return text;
  }

  /** Everything the Problems view lists; waits until it lists something that `isEnough`. */
  async problems(isEnough = (problems: Problem[]) => problems.length > 0): Promise<Problem[]> {
    await this.runCommand("Problems: Focus on Problems View");
    const found = await this.waitUntil(() => this.#readProblems(), isEnough, "problems");
    await this.runCommand("View: Hide Panel");
    await this.focus();
    return found;
  }

  async #readProblems(): Promise<Problem[]> {
    const rows = this.page.locator(".markers-panel .monaco-list-row[aria-level='2']");
    const labels = await rows.evaluateAll((elements) =>
      elements.map((row) => row.getAttribute("aria-label")),
    );
    return labels.flatMap((label) => parseProblem(label ?? ""));
  }

  /** The texts of the status bar's items, with " | " between them. */
  async statusBar(): Promise<string> {
    const items = await this.page.locator(".statusbar-item:visible").allInnerTexts();
    return items
      .map((item) => item.replace(/\s+/g, " ").trim())
      .filter(Boolean)
      .join(" | ");
  }

  /** Waits until the status bar contains `text`. */
  async statusBarShows(text: string): Promise<void> {
    await this.waitUntil(
      () => this.statusBar(),
      (shown) => shown.includes(text),
      `"${text}" in the status bar`,
    );
  }

  /** Writes out/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    const path = join(repoRoot, "out/screenshots", `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  /** Asks again until the answer is good; the error of a test that waits in vain quotes the last one. */
  async waitUntil<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean, what: string): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask();
      if (isGood(answer)) return answer;
      if (Date.now() > deadline) {
        const seen = answer instanceof Map ? Object.fromEntries(answer) : answer;
        throw new Error(`Waited ${PATIENCE_MS} ms for ${what}; last seen: ${JSON.stringify(seen, null, 2)}`);
      }
      await delay(20);
    }
  }

  /** Closes the window and deletes its folder. Windows a test leaves open close by themselves. */
  async close(): Promise<void> {
    openEditors.delete(this);
    await this.#context.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Reads the Problems view's own wording for screen readers: "Error: MESSAGE at line 2 and character 7." */
function parseProblem(label: string): Problem[] {
  const match = /^(Error|Warning|Info): (.*) at line (\d+) and character (\d+)\./s.exec(label);
  if (!match) return [];
  const [, severity, message, line, column] = match;
  return [
    {
      severity: severity!.toLowerCase() as Problem["severity"],
      message: message!,
      line: Number(line),
      column: Number(column),
    },
  ];
}
