/** Characters without width that come with pasted text. */
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e4\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc]/g;

/** Returns the form that is compared: plain width, lower case, without invisible characters, blanks and middle dots. */
function folded(text: string): string {
  return text.replace(invisible, "").normalize("NFKC").toLowerCase().replace(/[\s\u00b7\u2022\u2027\u30fb]/g, "");
}

/** Reports whether each word of a search is in one of the texts. An empty search matches everything. */
export function finds(search: string, ...texts: string[]): boolean {
  const all = texts.map(folded);
  return search.split(/\s+/).map(folded).every((word) => all.some((t) => t.includes(word)));
}
