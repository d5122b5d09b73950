import type { Entry, Roster, Table } from "./roster";
import { nextId, weekdays } from "./roster";

export interface Option {
  value: string | number;
  label: string;
}

/** One field of a form. */
export interface Field {
  key: string;
  label: string;
  kind: "text" | "words" | "one" | "many" | "yes" | "number" | "phone" | "clock" | "date";
  hint?: string;
  required?: boolean;
  most?: number;
  /** What can be chosen from. */
  options?: (r: Roster) => Option[];
  /** Shown for some entries only. */
  shown?: (form: Entry) => boolean;
}

/** How the entries of one table are edited. */
export interface Sheet {
  table: Table;
  /** What one entry is called. */
  one: string;
  /** Makes an empty form; its id is a proposal. */
  fresh: (r: Roster) => Entry;
  /** Makes a form of an entry, where it is not the entry itself. */
  open?: (e: Entry) => Entry;
  /** Makes the body to be sent of a form. */
  body: (form: Entry) => Entry;
  fields: Field[];
  /** The id is chosen when an entry is made. */
  chooses?: boolean;
}

const sectorsOf = (r: Roster): Option[] => r.sectors.map((s) => ({ value: s.name, label: s.name }));
const membersOf = (r: Roster): Option[] => r.members.filter((m) => !m.gone).map((m) => ({ value: m.id, label: `${m.name}（${m.sector}）` }));
const roomsOf = (r: Roster): Option[] => r.rooms.map((x) => ({ value: x.id, label: x.name }));
const placesOf = (r: Roster): Option[] => r.places.map((x) => ({ value: x.id, label: x.name }));
const categoriesOf = (r: Roster): Option[] => r.categories.map((x) => ({ value: x.key, label: x.name }));

const name = (label = "名称"): Field => ({ key: "name", label, kind: "text", required: true, most: 40 });
const village: Field = { key: "village", label: "所在村或社区", kind: "text", most: 40, hint: "可不填" };
const phone = (hint: string): Field => ({ key: "phone", label: "电话", kind: "phone", hint });

/** Only these of a form, those that are empty left out. */
function pick(form: Entry, ...keys: string[]): Entry {
  return Object.fromEntries(keys.filter((k) => form[k] !== undefined && form[k] !== "" && form[k] !== null).map((k) => [k, form[k]]));
}

/** A phone that was not touched stays out of the body. */
function withPhone(body: Entry, form: Entry): Entry {
  return typeof form.phone === "string" ? { ...body, phone: form.phone } : body;
}

export const sheets = {
  members: {
    table: "members",
    one: "委员",
    chooses: true,
    fresh: (r) => ({ id: nextId(r.members.map((m) => m.id), "m"), name: "", sector: "", village: "", title: "", expertise: [], rooms: [], capacity: 0 }),
    body: (f) => withPhone({ name: f.name, sector: f.sector, capacity: f.capacity || 0, ...pick(f, "village", "title", "expertise", "rooms") }, f),
    fields: [
      name("姓名"),
      { key: "sector", label: "界别", kind: "one", required: true, options: sectorsOf },
      village,
      { key: "title", label: "职务", kind: "text", most: 60, hint: "印在码牌上，可不填" },
      { key: "expertise", label: "专长", kind: "words", hint: "群众可以找他办什么；输入后按回车" },
      { key: "rooms", label: "负责的议事室", kind: "many", options: roomsOf },
      phone("手机或带区号的固定电话；加密保存，不向群众显示"),
      { key: "capacity", label: "同时在办上限（件）", kind: "number", hint: "0 表示按全站的规定" },
    ],
  },
  rooms: {
    table: "rooms",
    one: "议事室",
    chooses: true,
    fresh: (r) => ({ id: nextId(r.rooms.map((x) => x.id), "r"), name: "", village: "" }),
    body: (f) => ({ name: f.name, ...pick(f, "village") }),
    fields: [name(), village],
  },
  places: {
    table: "places",
    one: "点位",
    chooses: true,
    fresh: (r) => ({ id: nextId(r.places.map((x) => x.id), "p"), name: "", village: "", sectors: [] }),
    body: (f) => ({ name: f.name, ...pick(f, "village", "sectors") }),
    fields: [name(), village, { key: "sectors", label: "先找的界别", kind: "many", options: sectorsOf, hint: "在这里提交的诉求先找这些界别的委员" }],
  },
  sectors: {
    table: "sectors",
    one: "界别",
    fresh: () => ({ name: "" }),
    body: (f) => ({ name: f.name, merge: Boolean(f.merge) }),
    fields: [
      { ...name(), hint: "改名后，委员、点位、类别、专班和分派规则一起改；以前的名称留在历史里" },
      { key: "merge", label: "已有同名界别时并入", kind: "yes", hint: "两个界别合成一个", shown: (f) => Boolean(f.was) },
    ],
  },
  categories: {
    table: "categories",
    one: "类别",
    chooses: true,
    fresh: () => ({ key: "", name: "", sectors: [], tourist: false }),
    body: (f) => ({ name: f.name, tourist: Boolean(f.tourist), ...pick(f, "sectors") }),
    fields: [
      name(),
      { key: "sectors", label: "负责的界别", kind: "many", options: sectorsOf },
      { key: "tourist", label: "游客默认类别", kind: "yes", hint: "游客没有选类别时按此类办理，只能有一个" },
    ],
  },
  squads: {
    table: "squads",
    one: "专班",
    chooses: true,
    fresh: (r) => ({ id: nextId(r.squads.map((x) => x.id), "s"), name: "", leader: "", members: [], sectors: [], categories: [] }),
    body: (f) => ({ name: f.name, leader: f.leader ?? "", ...pick(f, "members", "sectors", "categories") }),
    fields: [
      name(),
      { key: "leader", label: "组长", kind: "one", required: true, options: membersOf, hint: "每个专班一位；没有其他合适委员时由组长办理" },
      { key: "members", label: "成员", kind: "many", options: membersOf },
      { key: "sectors", label: "负责的界别", kind: "many", options: sectorsOf, hint: "这些界别的诉求先找本专班" },
      { key: "categories", label: "负责的类别", kind: "many", options: categoriesOf },
    ],
  },
  departments: {
    table: "departments",
    one: "部门",
    chooses: true,
    fresh: (r) => ({ id: nextId(r.departments.map((x) => x.id), "d"), name: "" }),
    body: (f) => withPhone({ name: f.name }, f),
    fields: [name(), phone("手机、带区号的固定电话或服务热线")],
  },
  liaisons: {
    table: "liaisons",
    one: "联络员",
    chooses: true,
    fresh: (r) => ({ id: nextId(r.liaisons.map((x) => x.id), "l"), name: "", admin: false }),
    body: (f) => withPhone({ name: f.name, admin: Boolean(f.admin) }, f),
    fields: [
      name("姓名"),
      phone("手机或带区号的固定电话；加密保存"),
      { key: "admin", label: "管理员", kind: "yes", hint: "管理员只管设置，不看诉求" },
    ],
  },
  duty: {
    table: "duty",
    one: "班次",
    fresh: () => ({ id: "new", member: "", where: "", every: "week", weekday: 1, date: "", from: "08:30", to: "12:00", surge: false }),
    open: (e) => ({ ...e, where: e.room ? `room:${String(e.room)}` : e.place ? `place:${String(e.place)}` : "", every: e.date ? "once" : "week" }),
    body: (f) => {
      const where = String(f.where ?? "");
      const day = f.every === "once" ? { date: f.date || undefined } : { weekday: f.weekday };
      return {
        member: f.member, from: f.from ?? "", to: f.to ?? "", surge: Boolean(f.surge), ...day,
        ...(where.startsWith("room:") ? { room: where.slice(5) } : {}),
        ...(where.startsWith("place:") ? { place: where.slice(6) } : {}),
      };
    },
    fields: [
      { key: "member", label: "委员", kind: "one", required: true, options: membersOf },
      {
        key: "where", label: "在哪里", kind: "one",
        options: (r) => [
          { value: "", label: "本站" },
          ...roomsOf(r).map((o) => ({ value: `room:${o.value}`, label: `议事室：${o.label}` })),
          ...placesOf(r).map((o) => ({ value: `place:${o.value}`, label: `点位：${o.label}` })),
        ],
      },
      { key: "every", label: "怎样值班", kind: "one", options: () => [{ value: "week", label: "每周" }, { value: "once", label: "只这一天" }] },
      {
        key: "weekday", label: "星期", kind: "one", required: true, shown: (f) => f.every !== "once",
        options: () => weekdays.slice(1).map((label, i) => ({ value: i + 1, label })),
      },
      { key: "date", label: "日期", kind: "date", required: true, shown: (f) => f.every === "once" },
      { key: "from", label: "开始时间", kind: "clock", required: true },
      { key: "to", label: "结束时间", kind: "clock", required: true, hint: "到半夜填 24:00；跨零点的班分两班填" },
      { key: "surge", label: "高峰加班", kind: "yes", hint: "只在开启高峰模式时算数" },
    ],
  },
} satisfies Record<Exclude<Table, "station">, Sheet>;
