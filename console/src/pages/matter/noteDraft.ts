import { keepDraft, readDraft } from "@/base/drafts";
import { newKey } from "@/base/key";

// The words of a note that is not written yet, one draft for each matter. Beside it is kept under which key the same words
// were sent before: without an answer they may be written already, and are sent again under that key.
const wordsKey = (id: string): string => `${id}/note`;
const sentKey = (id: string): string => `${id}/note-sent`;

export const readNote = (id: string): string => readDraft<string>(wordsKey(id)) ?? "";

/** Keeps the words as the draft. Who clears them gives up what was sent: the same words later are another note. */
export function keepNote(id: string, text: string): void {
  keepDraft(wordsKey(id), text.trim() ? text : null);
  if (!text.trim()) keepDraft(sentKey(id), null);
}

/** Returns the key under which words are sent. Other words have another key. */
export function keyOf(id: string, words: string): string {
  const sent = readDraft<{ words: string; key: string }>(sentKey(id));
  if (sent?.words === words) return sent.key;
  const key = newKey();
  keepDraft(sentKey(id), { words, key });
  return key;
}

/** Takes words that are written now out of a text, and keeps what was added meanwhile as the draft. It returns that. */
export function written(id: string, words: string, text: string): string {
  const left = text.trim().startsWith(words) ? text.trim().slice(words.length).trim() : text;
  keepDraft(sentKey(id), null);
  keepNote(id, left);
  return left;
}
