import type { Schemas } from "@/api/client";

export type InForce = Schemas["RulesInForce"];
export type Choices = Schemas["RuleChoices"];

/** The rules in the form. Defaults are filled in. */
export interface Draft {
  categories: { category: string; sectors: string[]; squads: string[] }[];
  places: { place: string; rooms: string[] }[];
  weights: Record<string, number>;
  capacity: number;
  words: Record<string, string[]>;
  precision: number;
  terms: Terms;
}

export interface Terms {
  first_minutes: number;
  days: Record<string, number>;
  traveller_hours: number;
  duty: string;
  traveller_duty: string;
  head: string;
}

/** The weights with their purpose, in the order of the form. */
export const weights: { key: string; name: string; help: string; group: string; minus?: boolean }[] = [
  { key: "scanned", name: "扫的是本人的码", help: "群众扫了这位委员的码", group: "群众的选择" },
  { key: "neighbour", name: "联系户（六邻）", help: "群众自己认定的联系委员", group: "群众的选择" },
  { key: "squad", name: "专班负责", help: "是负责这类事项的专班成员", group: "专业对口" },
  { key: "sector", name: "界别负责", help: "其界别负责这个类别", group: "专业对口" },
  { key: "expertise", name: "专长", help: "诉求文字或类别里提到其专长", group: "专业对口" },
  { key: "like", name: "同界别", help: "与不能办的被扫码委员同界别", group: "专业对口" },
  { key: "duty", name: "正在值班", help: "提交时正在这个地方值班", group: "就近和在岗" },
  { key: "lane", name: "正在值班（游客）", help: "游客提交时代替上一条：游客很快就走", group: "就近和在岗" },
  { key: "room", name: "管这个议事室", help: "扫的是议事室或其场所的码", group: "就近和在岗" },
  { key: "village", name: "同村", help: "委员的村就是码所在的村", group: "就近和在岗" },
  { key: "busy", name: "手上待办多", help: "按已占余量的比例扣，全满时扣足", group: "忙闲（扣分）", minus: true },
  { key: "asked", name: "刚接过件", help: "一天之内刚接过别的诉求", group: "忙闲（扣分）", minus: true },
];

const weightNames = Object.fromEntries(weights.map((w) => [w.key, w.name]));

/** Ready-made weights. A weight that is not named has its default. */
export const presets: { key: string; name: string; help: string; weights: Record<string, number> }[] = [
  { key: "default", name: "标准", help: "扫谁的码谁办；否则先专业、再值班、再就近", weights: {} },
  { key: "near", name: "就近优先", help: "同村、管议事室、正在值班的排在界别前面", weights: { duty: 160, room: 140, village: 130 } },
  { key: "expert", name: "专业优先", help: "专班、界别、专长拉开差距，值班只在同等时起作用", weights: { squad: 240, sector: 200, expertise: 60, duty: 20, room: 10, village: 10 } },
  { key: "even", name: "均衡负担", help: "手上多、刚接过件的往后排，件数更平均", weights: { busy: 60, asked: 30 } },
];

/** Returns the preset that has these weights; "" if none has. */
export function presetOf(set: Record<string, number>, defaults: Record<string, number>): string {
  const full = (w: Record<string, number>): string => JSON.stringify(Object.keys(defaults).sort().map((k) => w[k] ?? defaults[k]));
  return presets.find((p) => full(p.weights) === full(set))?.key ?? "";
}

export const kinds: { key: string; name: string }[] = [
  { key: "inquiry", name: "咨询" }, { key: "help", name: "求助" }, { key: "suggestion", name: "建议" },
  { key: "complaint", name: "投诉" }, { key: "dispute", name: "纠纷" },
];
const kindNames = Object.fromEntries(kinds.map((k) => [k.key, k.name]));

export const defaultPrecision = 95;

/** Makes the form's draft of the rules in force. */
export function draftOf(r: InForce): Draft {
  const d = r.default_terms;
  return {
    categories: (r.categories ?? []).map((c) => ({ category: c.category, sectors: [...(c.sectors ?? [])], squads: [...(c.squads ?? [])] })),
    places: (r.places ?? []).map((p) => ({ place: p.place, rooms: [...p.rooms] })),
    weights: { ...r.default_weights, ...r.weights },
    capacity: r.capacity || r.default_capacity,
    words: Object.fromEntries(Object.entries(r.words ?? {}).map(([key, list]) => [key, [...(list ?? [])]])),
    precision: r.precision || defaultPrecision,
    terms: {
      first_minutes: r.terms?.first_minutes || d.first_minutes || 0,
      days: { ...d.days, ...r.terms?.days },
      traveller_hours: r.terms?.traveller_hours || d.traveller_hours || 0,
      duty: r.terms?.duty || d.duty || "",
      traveller_duty: r.terms?.traveller_duty || d.traveller_duty || "",
      head: r.terms?.head ?? "",
    },
  };
}

/** Makes the request body of a draft, without values that equal the defaults. */
export function rulesOf(draft: Draft, r: InForce): Schemas["Rules"] {
  const d = r.default_terms;
  const differing = <T,>(now: Record<string, T>, usual: Record<string, T> | undefined): Record<string, T> =>
    Object.fromEntries(Object.entries(now).filter(([k, v]) => v !== usual?.[k]));
  const days = differing(draft.terms.days, d.days);
  const terms: Schemas["Terms"] = {
    ...(draft.terms.first_minutes === d.first_minutes ? {} : { first_minutes: draft.terms.first_minutes }),
    ...(Object.keys(days).length ? { days } : {}),
    ...(draft.terms.traveller_hours === d.traveller_hours ? {} : { traveller_hours: draft.terms.traveller_hours }),
    ...(draft.terms.duty === d.duty ? {} : { duty: draft.terms.duty }),
    ...(draft.terms.traveller_duty === d.traveller_duty ? {} : { traveller_duty: draft.terms.traveller_duty }),
    ...(draft.terms.head ? { head: draft.terms.head } : {}),
  };
  const weights = differing(draft.weights, r.default_weights);
  const words = Object.fromEntries(Object.entries(draft.words).filter(([, list]) => list.length));
  return {
    version: r.version,
    categories: draft.categories,
    places: draft.places,
    ...(Object.keys(weights).length ? { weights } : {}),
    ...(draft.capacity === r.default_capacity ? {} : { capacity: draft.capacity }),
    ...(Object.keys(words).length ? { words } : {}),
    ...(draft.precision === defaultPrecision ? {} : { precision: draft.precision }),
    ...(Object.keys(terms).length ? { terms } : {}),
  };
}

const listed = (names: string[]): string => (names.length ? names.join("、") : "无人");

/** Describes each change of a draft in a sentence. */
export function changes(draft: Draft, r: InForce): string[] {
  const was = draftOf(r);
  const c = r.choices;
  const name = (list: { id: string; name: string }[], id: string): string => list.find((x) => x.id === id)?.name ?? id;
  const charge = (x: { sectors: string[]; squads: string[] } | undefined): string =>
    x ? listed([...x.sectors, ...x.squads.map((id) => name(c.squads, id))]) : "按名册";
  const rooms = (x: { rooms: string[] } | undefined): string => (x ? listed(x.rooms.map((id) => name(c.rooms, id))) : "按所在村");
  const out: string[] = [];
  for (const x of c.categories) {
    const [a, b] = [was, draft].map((d) => charge(d.categories.find((y) => y.category === x.key)));
    if (a !== b) out.push(`${x.name}：由 ${a} 改为 ${b}`);
  }
  for (const x of c.places) {
    const [a, b] = [was, draft].map((d) => rooms(d.places.find((y) => y.place === x.id)));
    if (a !== b) out.push(`场所“${x.name}”：由 ${a} 改为 ${b}`);
  }
  for (const w of weights) {
    if (was.weights[w.key] !== draft.weights[w.key]) out.push(`分值“${weightNames[w.key]}”：${was.weights[w.key]} 改为 ${draft.weights[w.key]}`);
  }
  if (was.capacity !== draft.capacity) out.push(`在办上限：${was.capacity} 改为 ${draft.capacity} 件`);
  if (was.precision !== draft.precision) out.push(`自动归类的准确率：${was.precision}% 改为 ${draft.precision}%`);
  for (const x of c.categories) {
    const [a, b] = [was.words[x.key] ?? [], draft.words[x.key] ?? []];
    const more = b.filter((w) => !a.includes(w));
    const less = a.filter((w) => !b.includes(w));
    if (more.length) out.push(`${x.name}增加提示词：${more.join("、")}`);
    if (less.length) out.push(`${x.name}删去提示词：${less.join("、")}`);
  }
  return [...out, ...termChanges(was.terms, draft.terms, (id) => (id ? name(c.heads, id) : "未指定"))];
}

function termChanges(was: Terms, now: Terms, head: (id: string) => string): string[] {
  const out: string[] = [];
  const say = (what: string, a: unknown, b: unknown): void => {
    if (a !== b) out.push(`${what}：${a} 改为 ${b}`);
  };
  say("首次联系时限（分钟）", was.first_minutes, now.first_minutes);
  for (const k of kinds) say(`${kindNames[k.key]}的办理期限（工作日）`, was.days[k.key], now.days[k.key]);
  say("游客诉求的期限（小时）", was.traveller_hours, now.traveller_hours);
  say("值班时间", was.duty, now.duty);
  say("接待游客的时间", was.traveller_duty, now.traveller_duty);
  say("站长", head(was.head), head(now.head));
  return out;
}

/** Returns the total minutes of spans such as "08:30-12:00 14:30-18:00"; null if the text is not valid. */
export function dutyMinutes(text: string): number | null {
  const words = text.split(/[ ,，、;；\t]+/).filter(Boolean);
  if (words.length === 0 || words.length > 6) return null;
  let sum = 0;
  let last = -1;
  for (const w of words) {
    const m = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(w);
    if (!m) return null;
    const from = Number(m[1]) * 60 + Number(m[2]);
    const to = Number(m[3]) * 60 + Number(m[4]);
    if (from >= to || to > 24 * 60 || from <= last) return null;
    sum += to - from;
    last = to;
  }
  return sum;
}

/** Minutes in words: 7 小时, 7 小时 30 分钟. */
export function hours(minutes: number): string {
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  return [h ? `${h} 小时` : "", m || !h ? `${m} 分钟` : ""].filter(Boolean).join(" ");
}
