import * as vscode from "vscode";
import { describeLesson } from "./lessonText";

/** Lets the user pick one of the extension's examples and opens its text as a new, unsaved program. */
export async function newFileFromLesson(extensionUri: vscode.Uri): Promise<void> {
  const lesson = await vscode.window.showQuickPick(readLessons(extensionUri), {
    title: "New File from a Lesson",
    placeHolder: "Pick the lesson to start from",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (lesson === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: "grad-ts", content: lesson.content });
  await vscode.window.showTextDocument(document);
}

interface Lesson extends vscode.QuickPickItem {
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
      return { ...describeLesson(name, content), content };
    }),
  );
}
