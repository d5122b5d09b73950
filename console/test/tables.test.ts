import { describe, expect, it } from "vitest";
import { parseCoord, showCoord } from "@/pages/people/coord";
import type { Entry, Roster } from "@/pages/people/roster";
import { sheets } from "@/pages/people/tables";

const roster = { members: [{ id: "m07" }], rooms: [{ id: "r1" }], categories: [{ key: "fee" }], sectors: [{ name: "农业" }] } as unknown as Roster;

describe("the forms of the roster's tables", () => {
  it("shows the fields in the server's words", () => {
    expect(sheets.members.fields.map((f) => `${f.label}:${f.kind}`)).toEqual([
      "姓名:text", "界别:one", "所在村或社区:text", "职务:text", "专长:words", "负责的议事室:many", "电话:phone", "同时在办上限（件）:number",
      "本站召集人:yes", "召集的议事室:many",
    ]);
    expect(sheets.places.entryName).toBe("点位");
    expect(sheets.squads.fields.filter((f) => f.required).map((f) => f.key)).toEqual(["name", "leader"]);
    expect(sheets.sectors.fields[0]?.options?.(roster)).toBeUndefined();
    expect(sheets.members.fields[1]?.options?.(roster)).toEqual([{ value: "农业", label: "农业" }]);
  });

  it("proposes ids where a table has a way to count", () => {
    expect(sheets.members.fresh(roster)).toMatchObject({ id: "m08", expertise: [], capacity: 0 });
    expect(sheets.categories.fresh(roster)).toMatchObject({ key: "", tourist: false });
    expect([sheets.members.hasChosenId, sheets.sectors.hasChosenId, sheets.duty.hasChosenId]).toEqual([true, false, false]);
  });

  it("sends what a form holds and leaves a phone alone that was not touched", () => {
    const form: Entry = { id: "m1", name: "甲", sector: "农业", village: "", title: "", expertise: ["水"], rooms: [], capacity: null, bound: true };
    expect(sheets.members.body(form)).toEqual({ name: "甲", sector: "农业", expertise: ["水"], rooms: [], capacity: 0, convener: false });
    expect(sheets.members.body({ ...form, phone: "" })).toHaveProperty("phone", "");
    expect(sheets.sectors.body({ name: "农林", was: [] })).toEqual({ name: "农林", merge: false });
  });

  it("keeps the coordinates of what is edited", () => {
    const room = { id: "r1", name: "室", village: "", lat: 35.6, lng: 103.2 };
    const form = sheets.rooms.open(room);
    expect(form.coord).toBe("35.6，103.2");
    expect(sheets.rooms.body({ ...form, name: "新室" })).toEqual({ name: "新室", lat: 35.6, lng: 103.2 });
    expect(sheets.rooms.body({ ...form, coord: "" })).toEqual({ name: "室" });
    expect(sheets.rooms.wrong({ coord: "渡口" })).toHaveProperty("coord");
    expect(sheets.rooms.wrong({ coord: "" })).toEqual({});
  });

  it.each([
    ["35.6，103.2", { lat: 35.6, lng: 103.2 }],
    ["103.2, 35.6", { lat: 35.6, lng: 103.2 }],
    ["３５．６ １０３．２", { lat: 35.6, lng: 103.2 }],
    ["", {}],
    ["35.6", null],
    ["东经103 35", null],
    ["1,2,3", null],
  ])("reads %j", (text, want) => expect(parseCoord(text)).toEqual(want));

  it("shows no coordinates where there are none", () => expect(showCoord({ lat: 0, lng: 0 })).toBe(""));

  it("makes one slot of what is asked in people's words", () => {
    const open = sheets.duty.open({ id: "t1", member: "m1", room: "", place: "p1", weekday: 5, date: "", from: "08:30", to: "12:00", surge: false });
    expect(open).toMatchObject({ where: "place:p1", every: "week" });
    expect(sheets.duty.body(open)).toEqual({ member: "m1", place: "p1", weekday: 5, from: "08:30", to: "12:00", surge: false });
    expect(sheets.duty.body({ ...open, where: "", every: "once", date: "2026-05-01" })).toEqual({
      member: "m1", date: "2026-05-01", from: "08:30", to: "12:00", surge: false,
    });
  });

  it("asks for the place of a reception rule as one choice", () => {
    const rule = { id: "j01", name: "周五接待", room: "r1", place: "", repeat: "每周五", holidays: "skip", from: "09:00", to: "12:00", sectors: [], expertise: [] };
    const open = sheets.receptions.open(rule);
    expect(open.where).toBe("room:r1");
    expect(sheets.receptions.body(open)).toMatchObject({ name: "周五接待", room: "r1", repeat: "每周五", holidays: "skip" });
    expect(sheets.receptions.body({ ...open, where: "" })).not.toHaveProperty("room");
    expect(sheets.receptions.fields.map((f) => f.key).slice(0, 4)).toEqual(["name", "where", "repeat", "holidays"]);
  });
});
