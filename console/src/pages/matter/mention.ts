// A note names a colleague by "@" and the name. The server reads the names from the text (docs/api.md, Notes).

/** Returns what is typed of a name between the last @ and the caret, or null if no name is being typed. */
export function atWord(text: string, caret: number): string | null {
  const before = text.slice(0, caret);
  const i = Math.max(before.lastIndexOf("@"), before.lastIndexOf("＠"));
  if (i < 0) return null;
  const word = before.slice(i + 1);
  return /^[^\s，。、；：！？,.;:!?]{0,12}$/.test(word) ? word : null;
}

/** Replaces what is typed of a name by the name, and returns the text and where the caret is then. */
export function withName(text: string, caret: number, name: string): { text: string; caret: number } {
  const typed = atWord(text, caret) ?? "";
  const head = `${text.slice(0, caret - typed.length)}${name} `;
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length };
}

/** Splits a note into the names of colleagues, with their @, and what stands between them. */
export function parts(text: string, names: string[]): { text: string; name: boolean }[] {
  const longest = [...names].filter(Boolean).sort((a, b) => b.length - a.length);
  const out: { text: string; name: boolean }[] = [];
  let plain = "";
  for (let i = 0; i < text.length; ) {
    const who = text[i] === "@" || text[i] === "＠" ? longest.find((n) => text.startsWith(n, i + 1)) : undefined;
    if (who === undefined) {
      plain += text[i];
      i += 1;
      continue;
    }
    if (plain) out.push({ text: plain, name: false });
    plain = "";
    out.push({ text: text.slice(i, i + 1 + who.length), name: true });
    i += 1 + who.length;
  }
  if (plain) out.push({ text: plain, name: false });
  return out;
}
