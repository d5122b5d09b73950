import { computed } from "vue";
import described from "@/api/roster.json";
import { api, Problem, unwrap, type Schemas } from "@/api/client";
import { useLoad } from "@/base/load";

export type Roster = Schemas["Roster"];
export type Change = Schemas["RosterChange"];
/** The tables of the roster, and the station's own entry. */
export type Table = { [K in keyof Roster]: Roster[K] extends object[] ? K : never }[keyof Roster] | "station";
/** An entry of any table, or its form. */
export type Entry = Record<string, unknown>;

/** Sends an entry. Only the bodies of the tables differ; docs/roster.json describes them. */
function put(table: Table, id: string, body: Entry, dry: boolean): Promise<Change> {
  const query = { dry_run: dry };
  if (table === "station") return unwrap(api.PUT("/api/v1/station/roster/station", { params: { query }, body: body as never }));
  const path = `/api/v1/station/roster/${table}/{id}` as "/api/v1/station/roster/rooms/{id}";
  return unwrap(api.PUT(path, { params: { path: { id }, query }, body: body as never }));
}

/** Returns the id of an entry. */
export function idOf(table: Table, e: Entry): string {
  return String(e[described.find((t) => t.table === table)?.id ?? "id"]);
}

/** Finds the entry of a table by its id. */
export function entryOf(r: Roster, table: Table, id: string): Entry | undefined {
  if (table === "station") return r.station;
  return (r[table] as Entry[]).find((e) => idOf(table, e) === id);
}

/** Fields that change without an edit. */
const volatileFields = ["open", "away", "bound"];

function same(a: Entry | undefined, b: Entry | undefined): boolean {
  const withoutVolatile = (e: Entry | undefined): string => JSON.stringify(e, (k, v: unknown) => (volatileFields.includes(k) ? undefined : v));
  return withoutVolatile(a) === withoutVolatile(b);
}

/** Somebody else changed or removed the entry since it was opened. */
export class EditConflict extends Error {
  constructor(
    /** The entry as it is now; absent if it was removed. */
    readonly present: Entry | undefined,
  ) {
    super("这一条刚刚被别人改过，请看过最新的内容再改");
  }
}

/** Loads the roster of the station and changes it. */
export function useRoster() {
  const roster = useLoad(() => unwrap(api.GET("/api/v1/station/roster")));
  const data = roster.data;

  /**
   * Runs an act on an entry that the user saw as seen. If only other entries changed
   * since, it runs with the present version. Otherwise it throws an EditConflict, and the
   * user must decide.
   */
  async function withVersion(table: Table, id: string, seen: Entry | undefined, act: (version: number) => Promise<Change>): Promise<Change> {
    const present = (): Entry | undefined => (data.value ? entryOf(data.value, table, id) : undefined);
    // The page may have loaded somebody else's change while the form was open.
    if (!same(seen, present())) throw new EditConflict(present());
    try {
      return await act(data.value?.version ?? 0);
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 409 || !data.value) throw e;
      await roster.load();
      if (!data.value || !same(seen, present())) throw new EditConflict(present());
      return act(data.value.version);
    }
  }

  return {
    ...roster,
    /** Saves an entry that was opened as seen; dry only lists the changes. */
    save: (table: Table, id: string, seen: Entry | undefined, body: Entry, dry = false): Promise<Change> =>
      withVersion(table, id, seen, (version) => put(table, id, { ...body, version }, dry)),
    remove: (table: Exclude<Table, "station">, id: string, dry = false): Promise<Change> =>
      withVersion(table, id, data.value ? entryOf(data.value, table, id) : undefined, (version) =>
        unwrap(api.DELETE("/api/v1/station/roster/{table}/{id}", { params: { path: { table, id }, query: { version, dry_run: dry } } })),
      ),
    undo: (): Promise<Change> => unwrap(api.POST("/api/v1/station/roster/undo", { body: { version: data.value?.version ?? 0 } })),
    /** Names by id, for references. */
    memberName: computed(() => new Map(data.value?.members.map((m) => [m.id, m.name]))),
    roomName: computed(() => new Map(data.value?.rooms.map((r) => [r.id, r.name]))),
    placeName: computed(() => new Map(data.value?.places.map((p) => [p.id, p.name]))),
  };
}

export type RosterState = ReturnType<typeof useRoster>;

export const weekdays = ["", "周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/** 周五 08:30–12:00, 2026-05-01 08:30–12:00. */
export function when(d: Schemas["RosterDuty"]): string {
  return `${d.weekday ? weekdays[d.weekday] : d.date} ${d.from}–${d.to}`;
}

/** A shift as people say it: several days with the same hours and place are one. */
export interface Turn {
  days: string;
  hours: string;
  slot: Schemas["RosterDuty"];
}

/** 每天, 周一至周五, 周三、周六. */
export function daysOf(list: number[]): string {
  const days = [...new Set(list)].sort((a, b) => a - b);
  if (days.length === 7) return "每天";
  const first = days[0] ?? 0;
  if (days.length > 2 && days.every((d, i) => d === first + i)) return `${weekdays[first]}至${weekdays[days[days.length - 1] ?? 0]}`;
  return days.map((d) => weekdays[d]).join("、");
}

/** Groups a member's slots that differ only by weekday. */
export function turnsOf(slots: Schemas["RosterDuty"][]): Turn[] {
  const groups = new Map<string, Schemas["RosterDuty"][]>();
  for (const d of slots) {
    const key = [d.member, d.date, d.from, d.to, d.room, d.place, d.surge].join("|");
    groups.set(key, [...(groups.get(key) ?? []), d]);
  }
  return [...groups.values()].flatMap((list) => {
    const slot = list[0];
    return slot ? [{ days: slot.date || daysOf(list.map((d) => d.weekday)), hours: `${slot.from}–${slot.to}`, slot }] : [];
  });
}

/** Returns the next free id: m08 after m07, p3 after p2. */
export function nextId(ids: string[], prefix: string): string {
  let highest = 0;
  let width = 2;
  for (const id of ids) {
    const found = new RegExp(`^${prefix}(\\d+)$`).exec(id);
    if (!found?.[1]) continue;
    if (Number(found[1]) >= highest) width = found[1].length;
    highest = Math.max(highest, Number(found[1]));
  }
  return prefix + String(highest + 1).padStart(width, "0");
}
