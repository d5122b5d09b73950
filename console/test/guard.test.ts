import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import ElementPlus from "element-plus";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { api } from "@/api/client";
import type { Schemas } from "@/api/client";
import AskDialog from "@/base/AskDialog.vue";
import ExportDialog from "@/pages/matters/ExportDialog.vue";
import { empty } from "@/pages/matters/query";
import Guard from "@/pages/guard/Guard.vue";
import Watch from "@/shell/Watch.vue";
import { startSession, clearSession } from "@/state/session";

type Ask = Schemas["ExportAsk"];

const guard = (change: Partial<Schemas["Guard"]> = {}): Schemas["Guard"] => ({
  reveals_per_hour: 20, reveals_per_day: 60, default_per_hour: 20, default_per_day: 60, second_person: false,
  says: "导出反映内容的双人确认没有开启：一位联络员就能导出", may_change: true, watched: [], ...change,
});
const ask = (change: Partial<Ask> = {}): Ask => ({
  id: "x1", reason: "年终核对", total: 7, by: "孙丽", at: "2026-07-01T09:00:00+08:00", until: "2026-07-02T09:00:00+08:00", own: false, ...change,
});
const braked: Schemas["Watched"] = {
  what: "reveals-braked", sentence: "孙丽（联络员）查看电话过密，已经拦下", at: "2026-07-01T09:00:00+08:00", role: "liaison", id: "l1", braked: true,
};

/** The server answers with these; returns what was written to it. */
function server(g: Schemas["Guard"], asks: Ask[], refusal?: { status: number; detail: string }): { path: string; body: unknown }[] {
  const sent: { path: string; body: unknown }[] = [];
  const answers: Record<string, unknown> = { "/api/v1/station/guard": g, "/api/v1/station/exports": { items: asks } };
  vi.spyOn(api, "GET").mockImplementation(((path: string) => Promise.resolve({ data: answers[path], response: new Response() })) as never);
  vi.spyOn(api, "POST").mockImplementation(((path: string, init: { body?: unknown }) => {
    sent.push({ path, body: init.body });
    if (refusal) return Promise.resolve({ error: { code: "too_many", detail: refusal.detail }, response: new Response(null, { status: refusal.status }) });
    return Promise.resolve({ data: path.endsWith("lift") ? guard() : ask(), response: new Response() });
  }) as never);
  return sent;
}

const mounted: VueWrapper[] = [];
async function show(page: Parameters<typeof mount>[0], props: Record<string, unknown> = {}): Promise<VueWrapper> {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)*", component: { render: () => null } }] });
  await router.push("/codes");
  const w = mount(page, { props, attachTo: document.body, global: { plugins: [ElementPlus, router] } });
  mounted.push(w);
  await flushPromises();
  return w;
}
const press = async (name: string): Promise<void> => {
  const button = [...document.querySelectorAll("button")].find((b) => b.textContent?.trim() === name);
  if (!button) throw new Error(`no button ${name} in ${document.body.textContent}`);
  button.click();
  await flushPromises();
};

afterEach(() => {
  for (const w of mounted.splice(0)) w.unmount();
  document.body.innerHTML = "";
  clearSession();
  vi.restoreAllMocks();
});

describe("phone numbers and exports, account by account", () => {
  it("says what is watched, that the second person is off, and lets an account go on", async () => {
    const sent = server(guard({ watched: [braked] }), []);
    const page = await show(Guard);
    expect(page.text()).toContain("孙丽（联络员）查看电话过密，已经拦下");
    expect(page.text()).toContain("双人确认没有开启");
    await press("放开");
    expect(sent).toEqual([{ path: "/api/v1/station/guard/lift", body: { role: "liaison", id: "l1" } }]);
    expect(page.text()).toContain("没有异常");
  });

  it("offers a second person to agree, and never to the one who asks", async () => {
    const sent = server(guard({ second_person: true, may_change: false }), [ask()]);
    const page = await show(Guard);
    expect(page.text()).toContain("孙丽申请导出 7 件诉求的内容");
    await press("同意");
    expect(sent).toEqual([{ path: "/api/v1/station/exports/{id}/answer", body: { agree: true } }]);

    vi.restoreAllMocks();
    server(guard({ second_person: true }), [ask({ own: true })]);
    const own = await show(Guard);
    expect(own.text()).toContain("等另一位工作人员确认");
    expect(own.findAll("button").map((b) => b.text())).toEqual(expect.not.arrayContaining(["同意", "导出"]));

    vi.restoreAllMocks();
    server(guard({ second_person: true }), [ask({ own: true, agreed_by: "钱管理" })]);
    expect((await show(Guard)).findAll("button").map((b) => b.text())).toContain("导出");
  });

  it("tells an administrator on every page, and whoever has to answer", async () => {
    server(guard({ watched: [braked], second_person: true }), [ask()]);
    startSession({ user: { role: "admin", name: "钱管理" }, station_name: "" } as unknown as Schemas["ConsoleSession"]);
    const line = await show(Watch);
    expect(line.text()).toContain("查看电话过密，已经拦下");
    expect(line.text()).toContain("有 1 个导出申请等您确认");
  });

  it("asks instead of exporting where two are needed", async () => {
    const sent = server(guard({ second_person: true }), []);
    const dialog = await show(ExportDialog, { modelValue: false, filter: empty(), total: 7 });
    await dialog.setProps({ modelValue: true });
    await flushPromises();
    document.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
    await flushPromises();
    expect(document.body.textContent).toContain("要两个人才能导出内容");
    const reason = document.querySelector("textarea");
    if (reason) [reason.value] = ["年终核对"];
    reason?.dispatchEvent(new Event("input"));
    await press("申请导出");
    expect(sent).toEqual([{ path: "/api/v1/station/exports", body: { reason: "年终核对", texts: true } }]);
    // The next export is without texts again.
    await dialog.setProps({ modelValue: false });
    await dialog.setProps({ modelValue: true });
    await flushPromises();
    expect(document.querySelector<HTMLInputElement>("input[type=checkbox]")?.checked).toBe(false);
  });

  it("shows the words of a refused number and keeps what was typed", async () => {
    server(guard(), [], { status: 429, detail: "查看电话太密集，这次没有显示：每个账号 1 小时最多 20 个" });
    const dialog = await show(AskDialog, {
      modelValue: true, title: "显示电话号码", label: "为什么要看", does: "显示",
      act: async (reason: string) => {
        const answer = await api.POST("/api/v1/submissions/{id}/phone", { params: { path: { id: "hk-1" } }, body: { reason } });
        const { unwrap } = await import("@/api/client");
        await unwrap(Promise.resolve(answer));
      },
    });
    await dialog.setProps({ modelValue: true });
    const reason = document.querySelector("textarea");
    if (reason) [reason.value] = ["回访"];
    reason?.dispatchEvent(new Event("input"));
    await press("显示");
    expect(document.body.textContent).toContain("查看电话太密集");
    expect(document.querySelector("textarea")?.value).toBe("回访");
  });
});
