import type { Entry } from "./roster";
import type { Field } from "./tables";

/** What two people made of one entry at the same time. */
export interface Merged {
  /** The form with the other one's changes where the user made none. */
  form: Entry;
  /** The fields that only the other one changed. */
  taken: Field[];
  /** The fields that both changed, differently. form has the user's values. */
  clashes: Field[];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");

/** Merges the user's form with the present one; both began as opened. */
export function mergeForms(fields: Field[], opened: Entry, mine: Entry, present: Entry): Merged {
  const out: Merged = { form: { ...mine }, taken: [], clashes: [] };
  for (const f of fields) {
    if (f.kind === "phone" || same(opened[f.key], present[f.key]) || same(mine[f.key], present[f.key])) continue;
    if (same(opened[f.key], mine[f.key])) {
      out.form[f.key] = present[f.key];
      out.taken.push(f);
    } else out.clashes.push(f);
  }
  return out;
}

/** Returns a value of a field as it is read. */
export function shownValue(value: unknown, options: { value: string | number; label: string }[]): string {
  const one = (v: unknown): string => options.find((o) => o.value === v)?.label ?? String(v);
  if (typeof value === "boolean") return value ? "是" : "否";
  if (Array.isArray(value)) return value.length ? value.map(one).join("、") : "（空）";
  return value === undefined || value === null || value === "" ? "（空）" : one(value);
}
