/** Characters that take no room: the server's fold has all of them, a phone those that are pasted. */
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e4\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc]/g;

/** A value as it was meant to be typed: plain width, nothing invisible, no blanks around. Only to look at it: the server folds what it is sent. */
export function plain(typed: string): string {
  return typed.replace(invisible, "").normalize("NFKC").trim();
}

/** The form in which lists that are here are searched: small letters, no blanks and no middle dots. */
function folded(text: string): string {
  return plain(text).toLowerCase().replace(/[\s\u00b7\u2022\u2027\u30fb]/g, "");
}

/** Whether every word of a search stands in one of the texts; no words find everything. */
export function finds(search: string, ...texts: string[]): boolean {
  const all = texts.map(folded);
  return search.split(/\s+/).map(folded).every((word) => all.some((x) => x.includes(word)));
}

/** Whether somebody who looks at the text sees something. */
export function visible(text: string): boolean {
  return plain(text) !== "";
}
