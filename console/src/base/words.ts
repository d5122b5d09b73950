/**
 * A sentence of the server's, and the words of somebody that it ends with, apart:
 * words run the way they are written (Uyghur from right to left), whatever stands before them.
 */
export function quoted(sentence: string, words?: string): [before: string, words: string] {
  return words && sentence.endsWith(words) ? [sentence.slice(0, -words.length), words] : [sentence, ""];
}
