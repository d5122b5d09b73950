import { flushPromises, mount } from "@vue/test-utils";
import ElementPlus from "element-plus";
import { afterEach, expect, it, vi } from "vitest";
import { effectScope, ref } from "vue";
import { api, type Schemas } from "@/api/client";
import AssistDialog from "@/pages/matter/AssistDialog.vue";
import { useActs } from "@/pages/matter/useActs";

const matter = (id: string, more = {}): Schemas["Submission"] => ({ id, number: `1-${id}`, version: 1, assignee: { id: "m1", name: "甲" }, ...more }) as unknown as Schemas["Submission"];

afterEach(() => {
  vi.restoreAllMocks();
  document.body.innerHTML = "";
});

it("names the matter in an answer that comes after the person has gone on", async () => {
  const [id, data] = [ref("a"), ref<Schemas["Submission"] | null>(matter("a"))];
  const load = vi.fn(() => Promise.resolve());
  const acts = effectScope().run(() => useActs(id, { data, loading: ref(false), error: ref(""), load }, () => undefined))!;
  const goOn = (to: string): void => {
    id.value = to;
    data.value = matter(to);
  };

  let answer: (a: unknown) => void = () => undefined;
  const slow = (): Promise<unknown> => new Promise((go) => (answer = go));
  vi.spyOn(api, "PUT").mockImplementation(slow as never);
  vi.spyOn(api, "POST").mockImplementation(slow as never);
  acts.asking.value = "publish";
  const published = acts.publish("路灯", "修好了");
  goOn("b");
  answer({ response: new Response(null, { status: 204 }) });
  await published;
  expect(document.body.textContent).toContain("1-a 已公开");

  acts.askPhoto("p1", true);
  const judged = acts.judgePhoto("清楚");
  goOn("c");
  answer({ error: { code: "invalid", detail: "照片没有了" }, response: new Response(null, { status: 422 }) });
  await expect(judged).rejects.toThrow("1-b 照片没有了");
  expect(load).not.toHaveBeenCalled();
});

it("asks anew at each opening whom to ask for help", async () => {
  const lists = [["乙"], ["乙", "丙"]];
  let asked = 0;
  vi.spyOn(api, "GET").mockImplementation(((path: string) => {
    const items = path.endsWith("departments") ? (lists[asked++] ?? []).map((name) => ({ id: name, name })) : [];
    return Promise.resolve({ data: { items, next_cursor: "" }, response: new Response() });
  }) as never);
  const w = mount(AssistDialog, { props: { matter: matter("a"), act: () => Promise.resolve(), modelValue: false }, attachTo: document.body, global: { plugins: [ElementPlus] } });
  for (const want of [["乙"], ["乙", "丙"]]) {
    await w.setProps({ modelValue: true });
    await flushPromises();
    document.querySelector<HTMLElement>("#whom")!.click();
    await flushPromises();
    expect([...document.querySelectorAll(".el-select-dropdown__item")].map((o) => o.textContent)).toEqual(want);
    await w.setProps({ modelValue: false });
  }
  w.unmount();
});
