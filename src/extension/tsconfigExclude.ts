import * as vscode from "vscode";
import type { IncludedParams } from "../language/protocol";
import { withExclude } from "./tsconfigText";

const EXCLUDE = "Exclude Them";
const NEVER = "Don't Ask Again";
const ANSWERED = "gradlens.excludeAnswered";

/** Asks whether an ordinary TypeScript project shall leave `.grad.ts` files alone, and sees to it. */
export async function offerExclude(
  { tsconfig }: IncludedParams,
  { workspaceState }: vscode.ExtensionContext,
): Promise<void> {
  const answered = workspaceState.get<string[]>(ANSWERED, []);
  if (answered.includes(tsconfig)) return;
  const uri = vscode.Uri.parse(tsconfig, true);
  const name = vscode.workspace.asRelativePath(uri);
  const message = `${name} includes .grad.ts files, whose operators on tensors TypeScript refuses.`;
  const answer = await vscode.window.showInformationMessage(message, EXCLUDE, NEVER);
  if (answer === NEVER) await workspaceState.update(ANSWERED, [...answered, tsconfig]);
  if (answer === EXCLUDE) await exclude(uri);
}

async function exclude(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
  edit.replace(uri, whole, withExclude(text));
  await vscode.workspace.applyEdit(edit);
  await document.save();
}
