/**
 * Splits a sentence of the server from the quoted words that it ends with. The two
 * are shown in separate elements, because the words may run from right to left (Uyghur).
 */
export function quoted(sentence: string, words?: string): [before: string, words: string] {
  return words && sentence.endsWith(words) ? [sentence.slice(0, -words.length), words] : [sentence, ""];
}

/** What the roles are called. */
export const roleNames: Record<string, string> = { visitor: "群众", member: "委员", liaison: "联络员", department: "部门", admin: "管理员", system: "系统" };
