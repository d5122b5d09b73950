/**
 * Splits a sentence of the server from the quoted words that it ends with. The two
 * are shown in separate elements, because the words may run from right to left (Uyghur).
 */
export function quoted(sentence: string, words?: string): [before: string, words: string] {
  return words && sentence.endsWith(words) ? [sentence.slice(0, -words.length), words] : [sentence, ""];
}
