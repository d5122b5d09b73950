import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import ElementPlus from "element-plus";
import { afterEach, expect, it } from "vitest";
import { defineComponent, h, reactive } from "vue";
import { refusal } from "@/api/problem";
import AskDialog from "@/base/AskDialog.vue";

// A page with one dialog, which asks about one matter after the other.
const page = reactive({ open: false, draft: "one/extend" as string | undefined, days: { days: 5 }, act: (_: string): Promise<void> => Promise.resolve() });
const fresh = (): { days: number } => ({ days: 5 });
const Page = defineComponent(() => () =>
  h(AskDialog<{ days: number }>, {
    modelValue: page.open, "onUpdate:modelValue": (is: boolean) => (page.open = is), fields: page.days, "onUpdate:fields": (f?: { days: number }) => (page.days = f!),
    title: "延期", label: "原因", does: "延期", draft: page.draft, fresh, act: page.act,
  }),
);

let mounted: VueWrapper | undefined;
const show = (): void => void (mounted = mount(Page, { attachTo: document.body, global: { plugins: [ElementPlus] } }));
const field = (): HTMLTextAreaElement => document.querySelector("textarea")!;
async function open(draft: string | undefined): Promise<void> {
  Object.assign(page, { open: true, draft });
  await flushPromises();
}
async function close(): Promise<void> {
  page.open = false;
  await flushPromises();
}
async function type(words: string): Promise<void> {
  field().value = words;
  field().dispatchEvent(new Event("input"));
  await flushPromises();
}
async function send(): Promise<void> {
  document.querySelector("form")!.dispatchEvent(new Event("submit"));
  await flushPromises();
}

afterEach(() => {
  mounted?.unmount();
  document.body.innerHTML = "";
  sessionStorage.clear();
  Object.assign(page, { open: false, days: fresh(), act: () => Promise.resolve() });
});

it("keeps what was not sent, with its fields, for the matter it was written for", async () => {
  show();
  await open("one/extend");
  await type("要等环卫车");
  page.days.days = 8;
  await flushPromises();
  await close();
  await open("two/extend");
  expect([field().value, page.days.days]).toEqual(["", 5]);
  expect(document.body.textContent).not.toContain("上次没有提交");
  await close();
  mounted?.unmount(); // as when the page is loaded anew
  page.days = fresh();
  show();
  await open("one/extend");
  expect([field().value, page.days.days]).toEqual(["要等环卫车", 8]);
  expect(document.body.textContent).toContain("这是上次没有提交的内容");
  [...document.querySelectorAll("button")].find((b) => b.textContent?.trim() === "清空")!.click();
  await flushPromises();
  expect([field().value, page.days.days]).toEqual(["", 5]);
  expect(sessionStorage.length).toBe(0);
});

it("does not bring back what was sent", async () => {
  show();
  await open("one/extend");
  await type("要等环卫车");
  page.days.days = 8;
  await flushPromises();
  await send();
  expect(page.open).toBe(false);
  await open("one/extend");
  expect([field().value, page.days.days]).toEqual(["", 5]);
  expect(sessionStorage.length).toBe(0);
});

it("keeps what was refused", async () => {
  show();
  page.act = () => Promise.reject(refusal("晚了一步"));
  await open("one/extend");
  await type("要等环卫车");
  await send();
  expect(page.open).toBe(true);
  expect([field().value, document.querySelector(".wrong")?.textContent]).toEqual(["要等环卫车", "晚了一步"]);
});

it("asks for a reason anew where none is kept", async () => {
  show();
  await open(undefined);
  await type("来电人问办理进度");
  await close();
  await open(undefined);
  expect(field().value).toBe("");
});

it("leaves the next matter alone when the answer comes late", async () => {
  show();
  let answer: () => void = () => undefined;
  page.act = () => new Promise((go) => (answer = go));
  await open("one/extend");
  await type("第一件的原因");
  await send();
  await close();
  await open("two/extend");
  await type("第二件的原因");
  answer();
  await flushPromises();
  expect([page.open, field().value]).toEqual([true, "第二件的原因"]);
  await close();
  await open("one/extend");
  expect(field().value).toBe("");
  await close();
  await open("two/extend");
  expect(field().value).toBe("第二件的原因");
});

it("says the late refusal of what was closed, and keeps its words", async () => {
  show();
  let refuse: (e: unknown) => void = () => undefined;
  page.act = () => new Promise((_, no) => (refuse = no));
  await open("one/extend");
  await type("第一件的原因");
  await send();
  await close();
  await open("two/extend");
  refuse(refusal("晚了一步"));
  await flushPromises();
  expect(document.querySelector(".el-message")?.textContent).toContain("延期：晚了一步");
  expect(document.querySelector(".wrong")).toBeNull();
  await close();
  await open("one/extend");
  expect(field().value).toBe("第一件的原因");
});
