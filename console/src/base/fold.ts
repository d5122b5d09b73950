/** Characters that take no room, of those that are pasted. */
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e4\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc]/g;

/** The form in which lists that are here are searched: plain width, small letters, nothing invisible, no blanks and no middle dots. */
function folded(text: string): string {
  return text.replace(invisible, "").normalize("NFKC").toLowerCase().replace(/[\s\u00b7\u2022\u2027\u30fb]/g, "");
}

/** Whether every word of a search stands in one of the texts; no words find everything. */
export function finds(search: string, ...texts: string[]): boolean {
  const all = texts.map(folded);
  return search.split(/\s+/).map(folded).every((word) => all.some((t) => t.includes(word)));
}
