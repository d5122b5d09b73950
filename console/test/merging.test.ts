import { flushPromises, mount } from "@vue/test-utils";
import ElementPlus from "element-plus";
import { afterEach, expect, it, vi } from "vitest";
import { api, type Schemas } from "@/api/client";
import MergeDialog from "@/pages/matter/MergeDialog.vue";

const row = (n: string): object => ({ id: `s-${n}`, number: `261201-${n}`, text: "路灯坏了", state: "accepted", state_name: "办理中", filed_at: "2026-12-01T01:00:00Z", target: { name: "渡口" }, where: "渡口", since: "2026-12-01T01:00:00Z", people: 1 });
const matter = { id: "s-1", station: "s", number: "261201-0001", same: [] } as unknown as Schemas["Submission"];

afterEach(() => {
  document.body.innerHTML = "";
  sessionStorage.clear();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("chooses what was searched for last, and nothing by the answer to an earlier search", async () => {
  vi.useFakeTimers();
  const answers: Record<string, (rows: object[]) => void> = {};
  vi.spyOn(api, "GET").mockImplementation(((path: string, init: { params: { query?: { q: string } } }) => {
    if (path.endsWith("/similar")) return Promise.resolve({ data: { items: [row("0009")] }, response: new Response() });
    return new Promise((go) => (answers[init.params.query!.q] = (items) => go({ data: { items }, response: new Response() })));
  }) as never);
  const w = mount(MergeDialog, { props: { matter, act: () => Promise.resolve(), modelValue: false }, attachTo: document.body, global: { plugins: [ElementPlus] } });
  await w.setProps({ modelValue: true });
  await flushPromises();
  const search = document.querySelector<HTMLInputElement>('input[aria-label^="按编号或内容"]')!;
  for (const q of ["0002", "0003"]) {
    search.value = q;
    search.dispatchEvent(new Event("input"));
    await flushPromises();
    vi.advanceTimersByTime(300);
    await flushPromises();
  }
  const radios = (): unknown[] => [...document.querySelectorAll<HTMLInputElement>("input[type=radio]")].map((r) => [r.value, r.checked]);
  answers["0002"]!([row("0002")]);
  await flushPromises();
  expect(radios()).toEqual([["s-0009", false]]);
  answers["0003"]!([row("0003")]);
  await flushPromises();
  expect(radios()).toEqual([["s-0003", true]]);
  w.unmount();
});
