import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import { isMuted, noMute, readMute } from "@/state/alarmMute";
import { isHeld, tabLock } from "@/state/tabLock";
import { Locks } from "./locks";

describe("a mute of the alarms", () => {
  const mute = { until: 1_000, alarms: ["a@1", "b@1"] };
  it.each([
    ["what it is about", ["a@1"], 999, true],
    ["all that it is about", ["b@1", "a@1"], 999, true],
    ["what came later", ["a@1", "c@1"], 999, false],
    ["a second alarm of the same matter", ["a@2"], 999, false],
    ["what it is about, after its end", ["a@1"], 1_000, false],
  ])("of %s", (_, alarms, now, want) => expect(isMuted(mute, alarms, now)).toBe(want));

  it.each([null, "", "{", "3", "null", '{"until":1}', '{"alarms":["a"]}'])("that is stored as %s is none", (stored) => expect(readMute(stored)).toEqual(noMute));
  it("is read as it was stored", () => expect(readMute(JSON.stringify(mute))).toEqual(mute));
});

describe("a lock that one tab holds", () => {
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    await nextTick();
  };

  it("goes to the next tab that asked, when its holder is closed or gives it up", async () => {
    const locks = new Locks();
    const [one, two, three] = ["1", "2", "3"].map((tab) => tabLock("x", locks.of(tab)));
    for (const t of [one, two, three]) t!.want(true);
    await settle();
    expect([one, two, three].map((t) => t!.held.value)).toEqual([true, false, false]);
    locks.crash("1");
    await settle();
    expect(two!.held.value).toBe(true);
    expect(await isHeld("x", locks.of("4"))).toBe(true);
    two!.want(false);
    await settle();
    expect([two, three].map((t) => t!.held.value)).toEqual([false, true]);
    three!.want(false);
    await settle();
    expect(await isHeld("x", locks.of("4"))).toBe(false);
  });

  it("is not taken by a tab that gave up waiting, and can be asked for again", async () => {
    const locks = new Locks();
    const [one, two] = [tabLock("x", locks.of("1")), tabLock("x", locks.of("2"))];
    one.want(true);
    two.want(true);
    await settle();
    two.want(false);
    one.want(false);
    await settle();
    expect(two.held.value).toBe(false);
    two.want(true);
    await settle();
    expect(two.held.value).toBe(true);
  });

  it("is held by each tab of a browser that has none", async () => {
    vi.stubGlobal("navigator", {});
    const [one, two] = [tabLock("x", undefined), tabLock("x", undefined)];
    one.want(true);
    two.want(true);
    expect([one.held.value, two.held.value]).toEqual([true, true]);
    expect(await isHeld("x")).toBe(false);
    vi.unstubAllGlobals();
  });
});
