/** A lesson in a list: the sentence its text begins with, and its file. */
export function describeLesson(fileName: string, content: string): { label: string; description: string } {
  const sentence = openingSentence(content);
  return sentence === "" ? { label: fileName, description: "" } : { label: sentence, description: fileName };
}

function openingSentence(content: string): string {
  const comment = /^\s*((?:\/\/.*(?:\r?\n|$))+)/.exec(content)?.[1] ?? "";
  const text = comment
    .replace(/^\/\/+/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return text.replace(/\.(\s.*)?$/, "");
}
