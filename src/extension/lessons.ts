import * as vscode from "vscode";
import { describeLesson } from "./lessonText";

/** Opens the text of one of the extension's examples as a new, unsaved program; without `file` of one that is picked. */
export async function newFileFromLesson(extensionUri: vscode.Uri, file?: string): Promise<void> {
  const lessons = readLessons(extensionUri);
  const lesson = file === undefined ? await pick(lessons) : (await lessons).find((one) => one.file === file);
  if (lesson === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: "grad-ts", content: lesson.content });
  await vscode.window.showTextDocument(document);
}

function pick(lessons: Promise<Lesson[]>): Thenable<Lesson | undefined> {
  return vscode.window.showQuickPick(lessons, {
    title: "New File from a Lesson",
    placeHolder: "Pick the lesson to start from",
    matchOnDescription: true,
    matchOnDetail: true,
  });
}

interface Lesson extends vscode.QuickPickItem {
  file: string;
  content: string;
}

async function readLessons(extensionUri: vscode.Uri): Promise<Lesson[]> {
  const folder = vscode.Uri.joinPath(extensionUri, "examples");
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const names = entries.map(([name]) => name).filter((name) => name.endsWith(".grad.ts"));
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name));
      const content = new TextDecoder().decode(bytes);
      return { ...describeLesson(name, content), file: name, content };
    }),
  );
}
