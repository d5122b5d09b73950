/** Characters without width that come with pasted text. The server's fold has the whole list. */
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e4\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc]/g;

/** Returns a value in plain width without invisible characters and outer blanks. It is for checks only; the server folds what it receives. */
export function plain(typed: string): string {
  return typed.replace(invisible, "").normalize("NFKC").trim();
}

/** Returns the form that is compared: lower case, without blanks and middle dots. */
function folded(text: string): string {
  return plain(text).toLowerCase().replace(/[\s\u00b7\u2022\u2027\u30fb]/g, "");
}

/** Reports whether each word of a search is in one of the texts. An empty search matches everything. */
export function finds(search: string, ...texts: string[]): boolean {
  const all = texts.map(folded);
  return search.split(/\s+/).map(folded).every((word) => all.some((x) => x.includes(word)));
}

/** Reports whether a text has a visible character. */
export function visible(text: string): boolean {
  return plain(text) !== "";
}
