import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import ElementPlus, { ElMessage } from "element-plus";
import { afterEach, expect, it, vi } from "vitest";
import { ref } from "vue";
import { api } from "@/api/client";
import CloseSelected from "@/pages/matters/CloseSelected.vue";
import MergeSelected from "@/pages/matters/MergeSelected.vue";
import { useSelection } from "@/pages/matters/selection";
import type { Row } from "@/pages/matters/words";

const row = (n: number, more: object = {}): Row =>
  ({ id: `s-${n}`, number: `261201-000${n}`, version: 1, text: "路灯坏了", state: "pooled", state_name: "待分派", filed_at: `2026-12-0${n}T01:00:00Z`, target: { name: "渡口" }, flags: [], ...more }) as unknown as Row;
const asked = { assists: [{ id: 1, name: "司法所", state: "asked" }] };
const answer = (data: object): Promise<unknown> => Promise.resolve({ data, response: new Response() });
const refuse = (status: number, code: string, detail: string): Promise<unknown> => Promise.resolve({ error: { code, detail }, response: new Response(null, { status }) });

/** What the server does with an act, and how each matter is now. */
let act: (id: string, body: Record<string, unknown>) => Promise<unknown>;
let present: (id: string) => Promise<unknown>;
let w: VueWrapper | undefined;

async function show(dialog: typeof CloseSelected | typeof MergeSelected, rows: Row[]): Promise<VueWrapper> {
  vi.spyOn(api, "POST").mockImplementation(((_: string, init: { params: { path: { id: string } }; body: Record<string, unknown> }) => act(init.params.path.id, init.body)) as never);
  vi.spyOn(api, "GET").mockImplementation(((path: string, init: { params: { path: { id: string } } }) => (path === "/api/v1/submissions/{id}" ? present(init.params.path.id) : answer({ items: [] }))) as never);
  w = mount(dialog, { props: { rows, modelValue: false, "onUpdate:modelValue": (is: boolean) => void w?.setProps({ modelValue: is }) }, attachTo: document.body, global: { plugins: [ElementPlus] } });
  await w.setProps({ modelValue: true });
  await flushPromises();
  return w;
}
async function type(words: string): Promise<void> {
  const field = document.querySelector("textarea")!;
  field.value = words;
  field.dispatchEvent(new Event("input"));
  await flushPromises();
}
async function send(): Promise<void> {
  document.querySelector("form")!.dispatchEvent(new Event("submit"));
  await flushPromises();
}
const wrong = (): string => document.querySelector(".wrong")?.textContent ?? "";
async function choose(value: string): Promise<void> {
  document.querySelector<HTMLInputElement>(`input[type=radio][value="${value}"]`)!.click();
  await flushPromises();
}

afterEach(() => {
  w?.unmount();
  ElMessage.closeAll();
  document.body.innerHTML = "";
  sessionStorage.clear();
  vi.restoreAllMocks();
});

it("ends together none whose assist is still awaited, also when it was asked for meanwhile", async () => {
  const sent: unknown[] = [];
  act = (id, body) => (sent.push([id, body.version, body.without]), id === "s-3" ? refuse(409, "conflict", "孙丽刚刚处理过这件诉求，请刷新后再操作") : answer({}));
  present = (id) => answer({ ...row(3), id, version: 2, ...asked });
  const closing = await show(CloseSelected, [row(1), row(2, asked), row(3)]);
  expect(document.querySelectorAll(".rows li")[1]!.textContent).toContain("还有协办没有答复，请单独办结");
  await choose("explained");
  await type("已经说明");
  await send();
  await send();
  expect(sent).toEqual([["s-1", 1, undefined], ["s-3", 1, undefined]]);
  expect(document.querySelectorAll(".rows li")[2]!.textContent).toContain("这里已是最新情况；还有协办没有答复，请单独办结");
  expect(wrong()).toBe("没有可以办结的诉求");
  expect(closing.emitted("done")).toBeUndefined();
});

it("says of no row that it is up to date when it could not be read", async () => {
  act = () => refuse(409, "conflict", "孙丽刚刚处理过这件诉求，请刷新后再操作");
  present = () => Promise.reject(new TypeError("offline"));
  await show(CloseSelected, [row(1)]);
  await choose("explained");
  await type("已经说明");
  await send();
  expect(document.querySelector(".rows li")!.textContent).toContain("孙丽刚刚处理过这件诉求；最新情况没有读到，请再按一次");
  w!.unmount();
  document.body.innerHTML = "";
  await show(MergeSelected, [row(1), row(2)]);
  await type("同一件事");
  await send();
  expect(wrong()).toBe("261201-0002：孙丽刚刚处理过这件诉求。最新情况没有读到，请稍后再按一次");
});

it("proposes another one to lead when the first was ended meanwhile", async () => {
  const into: unknown[] = [];
  act = (id, body) => (into.push([id, body.into]), body.into === "s-1" ? refuse(422, "invalid", "这件诉求已经办结，不能并入") : answer({}));
  present = (id) => answer(id === "s-1" ? row(1, { version: 2, state: "closed", state_name: "已办结" }) : row(Number(id.slice(2))));
  const merging = await show(MergeSelected, [row(1), row(2), row(3)]);
  await type("同一件事");
  await send();
  expect(wrong()).toContain("261201-0002：这件诉求已经办结，不能并入");
  expect(document.querySelector(".direction")!.textContent).toContain("261201-0003 并入 261201-0002");
  await send();
  expect(into).toEqual([["s-2", "s-1"], ["s-3", "s-1"], ["s-3", "s-2"]]);
  expect(merging.emitted("done")).toEqual([[["s-2", "s-3"]]]);
});

it("says what was not merged when the dialog was closed in the middle", async () => {
  let go: () => void = () => undefined;
  act = () => new Promise((done) => (go = () => done({ data: {}, response: new Response() })));
  const merging = await show(MergeSelected, [row(1), row(2), row(3)]);
  await type("同一件事");
  await send();
  await merging.setProps({ modelValue: false });
  go();
  await flushPromises();
  expect(document.querySelector(".el-message")?.textContent).toContain("已并入 1 件；停下了，还有 1 件没有并入");
  expect(merging.emitted("done")).toBeUndefined();
});

it("leaves selected what was chosen while the answer was on its way", async () => {
  const [rows, at] = [ref([row(1), row(2), row(3)]), ref("")];
  const selection = useSelection(rows, at);
  selection.pick("s-1");
  let go: () => void = () => undefined;
  act = () => new Promise((done) => (go = () => done({ data: {}, response: new Response() })));
  const closing = await show(CloseSelected, selection.chosen.value);
  await choose("explained");
  await type("已经说明");
  await send();
  await closing.setProps({ modelValue: false });
  selection.pick("s-3");
  go();
  await flushPromises();
  const [[ids]] = closing.emitted("done") as [[string[]]];
  expect(ids).toEqual(["s-1"]);
  selection.drop(ids);
  expect([...selection.selected.value]).toEqual(["s-3"]);
});
