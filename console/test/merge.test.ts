import { describe, expect, it } from "vitest";
import { mergeForms, shownValue } from "@/pages/people/merge";
import type { Field } from "@/pages/people/tables";

const fields: Field[] = [
  { key: "title", label: "职务", kind: "text" },
  { key: "capacity", label: "在办上限", kind: "number" },
  { key: "rooms", label: "议事室", kind: "many" },
  { key: "phone", label: "电话", kind: "phone" },
];
const opened = { title: "委员", capacity: 5, rooms: ["r1"], phone: "" };

describe("two people who change one entry", () => {
  it("keeps both changes of different fields", () => {
    const m = mergeForms(fields, opened, { ...opened, capacity: 8 }, { ...opened, title: "组长", rooms: ["r1", "r2"] });
    expect(m.form).toEqual({ title: "组长", capacity: 8, rooms: ["r1", "r2"], phone: "" });
    expect(m.taken.map((f) => f.key)).toEqual(["title", "rooms"]);
    expect(m.clashes).toEqual([]);
  });

  it("asks about a field that both changed, unless they agree", () => {
    const m = mergeForms(fields, opened, { ...opened, title: "主任", capacity: 8 }, { ...opened, title: "组长", capacity: 8 });
    expect(m.clashes.map((f) => f.key)).toEqual(["title"]);
    expect(m.form.title).toBe("主任");
  });

  it("leaves a phone alone, which no form shows", () => {
    expect(mergeForms(fields, opened, { ...opened, phone: "1" }, opened).form.phone).toBe("1");
  });

  it.each([
    [["r1", "r2"], "渡口、r2"],
    [[], "（空）"],
    [true, "是"],
    ["", "（空）"],
    ["r1", "渡口"],
    [3, "3"],
  ])("shows %j as %s", (value, want) => expect(shownValue(value, [{ value: "r1", label: "渡口" }])).toBe(want));
});
