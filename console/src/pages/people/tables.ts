import described from "@/api/roster.json";
import { parseCoord, showCoord } from "./coord";
import type { Entry, Roster, Table } from "./roster";
import { idOf, nextId, weekdays } from "./roster";

export interface Option {
  value: string | number;
  label: string;
}

/** One field of a form. */
export interface Field {
  key: string;
  label: string;
  kind: "text" | "words" | "one" | "many" | "yes" | "number" | "phone" | "clock" | "date" | "coord";
  hint?: string;
  required?: boolean;
  max?: number;
  /** The choices. */
  options?: (r: Roster) => Option[];
  /** Reports whether a form shows the field; absent for always. */
  shown?: (form: Entry) => boolean;
}

/** How the entries of one table are edited. */
export interface Sheet {
  table: Table;
  /** The name of an entry in the user's language. */
  entryName: string;
  /** Makes an empty form; its id is a proposal. */
  fresh: (r: Roster) => Entry;
  /** Makes the form of an entry. */
  open: (e: Entry) => Entry;
  /** Makes the request body of a form. */
  body: (form: Entry) => Entry;
  /** Returns the faults of a form, by field. */
  wrong: (form: Entry) => Record<string, string>;
  fields: Field[];
  /** The user chooses the id of a new entry. */
  hasChosenId: boolean;
}

/** A table with a list of entries. */
type Listed = Exclude<Table, "station">;

/** A table and a field as the server describes them (docs/roster.json). */
interface TableForm {
  table: string;
  one: string;
  id: string;
  prefix?: string;
  fields: FormField[];
}
interface FormField {
  name: string;
  kind: string;
  label: string;
  hint?: string;
  required?: boolean;
  max_length?: number;
  max?: number;
  refers?: string;
  choices?: Option[];
}

/** The entries of a table that a reference can name. */
function choicesOf(table: string): (r: Roster) => Option[] {
  return (r) =>
    (r[table as keyof Roster] as Entry[])
      .filter((e) => !e.gone)
      .map((e) => ({ value: idOf(table as Table, e), label: e.sector ? `${String(e.name)}（${String(e.sector)}）` : String(e.name) }));
}

/** The input of each kind, and its empty value. */
const kinds: Record<string, { shown: Field["kind"]; empty: unknown }> = {
  text: { shown: "text", empty: "" },
  person: { shown: "text", empty: "" },
  words: { shown: "words", empty: [] },
  ref: { shown: "one", empty: "" },
  refs: { shown: "many", empty: [] },
  flag: { shown: "yes", empty: false },
  number: { shown: "number", empty: 0 },
  phone: { shown: "phone", empty: undefined },
  coord: { shown: "coord", empty: "" },
  date: { shown: "date", empty: "" },
  clock: { shown: "clock", empty: "" },
  choice: { shown: "one", empty: "" },
};

function fieldOf(f: FormField): Field {
  return {
    key: f.name, label: f.label, kind: kinds[f.kind]?.shown ?? "text", hint: f.hint, required: f.required,
    max: f.kind === "number" ? f.max : f.max_length, options: f.choices ? () => f.choices as Option[] : f.refers ? choicesOf(f.refers) : undefined,
  };
}

/** Returns the value of a field for the body. An empty optional field is omitted. */
function valuesOf(f: FormField, form: Entry): Entry {
  const value = form[f.name];
  if (f.kind === "coord") return parseCoord(String(value ?? "")) ?? {};
  if (f.kind === "phone") return typeof value === "string" ? { [f.name]: value } : {}; // an unchanged phone is omitted, so it stays
  if (f.kind === "flag") return { [f.name]: Boolean(value) };
  if (f.kind === "number") return { [f.name]: value || 0 };
  const empty = value === undefined || value === null || value === "";
  return empty && !f.required ? {} : { [f.name]: value ?? "" };
}

/** Makes the form of a table from its description. */
function sheetOf(form: TableForm): Sheet {
  const { fields } = form;
  const table = form.table as Listed;
  const coords = fields.filter((f) => f.kind === "coord");
  return {
    table,
    entryName: form.one,
    hasChosenId: form.id !== "name",
    fields: fields.map(fieldOf),
    fresh: (r) => ({
      [form.id]: form.prefix ? nextId((r[table] as Entry[]).map((e) => String(e[form.id])), form.prefix) : "",
      ...Object.fromEntries(fields.map((f) => [f.name, structuredClone(kinds[f.kind]?.empty)])),
    }),
    open: (e) => ({ ...e, ...Object.fromEntries(coords.map((f) => [f.name, showCoord(e)])) }),
    body: (f) => Object.assign({}, ...fields.map((x) => valuesOf(x, f))) as Entry,
    wrong: (f) =>
      Object.fromEntries(coords.filter((x) => f[x.name] && !parseCoord(String(f[x.name]))).map((x) => [x.name, "请写成“纬度，经度”，如 35.601234，103.206543"])),
  };
}

const all = Object.fromEntries((described as TableForm[]).map((form) => [form.table, sheetOf(form)])) as Record<Listed, Sheet>;
const { sectors, duty, receptions } = all;
const dutyField = (key: string): Field => duty.fields.find((f) => f.key === key) as Field;

/** Where something is, as one choice among all kinds of places. */
const whereField: Field = {
  key: "where", label: "在哪里", kind: "one",
  options: (r) => [
    { value: "", label: "本站" },
    ...choicesOf("rooms")(r).map((o) => ({ value: `room:${o.value}`, label: `议事室：${o.label}` })),
    ...choicesOf("places")(r).map((o) => ({ value: `place:${o.value}`, label: `点位：${o.label}` })),
  ],
};

/** The choice of an entry, and the two fields that it stands for. */
const whereOf = (e: Entry): string => (e.room ? `room:${String(e.room)}` : e.place ? `place:${String(e.place)}` : "");
function placesOf(form: Entry): Entry {
  const where = String(form.where ?? "");
  return { room: where.startsWith("room:") ? where.slice(5) : undefined, place: where.startsWith("place:") ? where.slice(6) : undefined };
}

export const sheets: Record<Listed, Sheet> = {
  ...all,
  sectors: {
    ...sectors,
    body: (f) => ({ ...sectors.body(f), merge: Boolean(f.merge) }),
    fields: [
      ...sectors.fields,
      { key: "merge", label: "已有同名界别时并入", kind: "yes", hint: "两个界别合成一个", shown: (f) => Boolean(f.was) },
    ],
  },
  // The form of a shift differs from its body: the place is one choice among all
  // kinds of places, and the days are weekly or a single date.
  duty: {
    ...duty,
    hasChosenId: false,
    fresh: () => ({ id: "new", member: "", where: "", every: "week", weekday: 1, date: "", from: "08:30", to: "12:00", surge: false }),
    open: (e) => ({ ...e, where: whereOf(e), every: e.date ? "once" : "week" }),
    body: (f) =>
      duty.body({ ...f, ...placesOf(f), weekday: f.every === "once" ? undefined : f.weekday, date: f.every === "once" ? f.date : undefined }),
    fields: [
      dutyField("member"),
      whereField,
      { key: "every", label: "怎样值班", kind: "one", options: () => [{ value: "week", label: "每周" }, { value: "once", label: "只这一天" }] },
      {
        ...dutyField("weekday"), kind: "one", required: true, shown: (f) => f.every !== "once",
        options: () => weekdays.slice(1).map((label, i) => ({ value: i + 1, label })),
      },
      { ...dutyField("date"), required: true, shown: (f) => f.every === "once" },
      dutyField("from"),
      dutyField("to"),
      dutyField("surge"),
    ],
  },
  // The place is one choice here as well.
  receptions: {
    ...receptions,
    fresh: (r) => ({ ...receptions.fresh(r), where: "", holidays: "skip", from: "09:00", to: "12:00", min: 2, seats: 3, slot: 30 }),
    open: (e) => ({ ...e, where: whereOf(e) }),
    body: (f) => receptions.body({ ...f, ...placesOf(f) }),
    fields: [
      ...receptions.fields.filter((f) => f.key === "name"),
      whereField,
      ...receptions.fields.filter((f) => !["name", "room", "place"].includes(f.key)),
    ],
  },
};
