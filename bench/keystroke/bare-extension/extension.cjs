// The baseline of the keystroke benchmark: on every change it paints the document's version at the end of
// the edited line (or the first, while nothing is edited) and does nothing else.
const vscode = require("vscode");

exports.activate = ({ subscriptions }) => {
  const decoration = vscode.window.createTextEditorDecorationType({ after: { margin: "0 0 0 2em" } });
  const paint = (editor, line) => {
    const { document } = editor;
    const range = document.lineAt(line).range;
    const contentText = `version ${document.version}`;
    editor.setDecorations(decoration, [{ range, renderOptions: { after: { contentText } } }]);
  };
  const { activeTextEditor } = vscode.window;
  if (activeTextEditor) paint(activeTextEditor, 0);
  subscriptions.push(
    decoration,
    vscode.window.onDidChangeActiveTextEditor((editor) => editor && paint(editor, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges: [change] }) => {
      const editor = vscode.window.activeTextEditor;
      if (change && editor?.document === document) paint(editor, change.range.start.line);
    }),
  );
};
