import { effectScope, nextTick, ref } from "vue";
import { expect, it, vi } from "vitest";
import "./phone";

const asked: string[] = [];
let up = true;
const emergency = { kinds: ["fire"], kind_names: ["火灾险情"], hotlines: [{ number: "119", name: "火警和救援" }], advice: "", steps: ["先离开"], attended: false };
vi.stubGlobal("uni", {
  getStorageSync: () => "", setStorageSync: () => undefined, removeStorageSync: () => undefined,
  request: (o: { data?: string; url: string; success: (r: unknown) => void; fail: (e: unknown) => void }) => {
    const { text } = JSON.parse(o.data ?? "{}") as { text: string };
    asked.push(text);
    if (up) o.success({ statusCode: 200, data: text.includes("着火") ? { emergency } : {}, header: {} });
    else o.fail({ errMsg: "request:fail" });
  },
});
const { useWarning } = await import("@/state/warning");

it("shows whom to call once the writing rests, keeps it when the line fails, and takes it back", async () => {
  vi.useFakeTimers();
  const scope = effectScope();
  const text = ref("");
  const warning = scope.run(() => useWarning(() => text.value))!;
  const write = async (words: string) => {
    text.value = words;
    await nextTick();
    await vi.advanceTimersByTimeAsync(500);
  };
  await write("着");
  expect(asked).toEqual([]); // one character says nothing
  text.value = "着火";
  await nextTick();
  await write("着火了");
  expect(asked).toEqual(["着火了"]); // asked once, when the writing rests
  expect(warning.value?.hotlines[0]?.number).toBe("119");
  up = false;
  await write("着火了在三号楼");
  expect(warning.value?.hotlines[0]?.number).toBe("119");
  up = true;
  await write("路灯坏了");
  expect(warning.value).toBeUndefined();
  scope.stop();
  vi.useRealTimers();
});
