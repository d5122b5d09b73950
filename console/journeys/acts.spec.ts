import type { Page } from "@playwright/test";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, type Server, test, tokenOf } from "./support";

const filed = (page: Page, server: Server, who: string, body: Record<string, unknown>): Promise<Filed> =>
  file(page.request, server, who, { scene: server.cast.codes.find((c) => c.member_openid)!.key, ...body });
const holder = (page: Page, server: Server, m: Filed): Promise<string> => tokenOf(page.request, server, server.cast.members.find((x) => x.id === m.assignee!.id)!.openid);
const heading = (page: Page) => page.getByRole("heading", { level: 1 });

test("an act whose answer is slow leaves the next matter as it is", async ({ liaison: page, server }) => {
  const [next, m] = [await filed(page, server, "slow-1", { text: "祠堂的门槛松了（慢）" }), await filed(page, server, "slow-2", { text: "祠堂的窗户破了（慢）" })];
  await page.goto("/console/matters");
  await page.getByRole("textbox", { name: "搜索编号和内容" }).fill("（慢）");
  await expect(page.locator("table.matters tbody tr")).toHaveCount(2);
  await page.locator("table.matters tbody tr").filter({ hasText: m.number }).click();
  await expect(heading(page)).toContainText(m.number);
  let go: () => void = () => undefined;
  const held = new Promise<void>((answer) => (go = answer));
  await page.route("**/extend", async (r) => {
    await held;
    await r.continue();
  });
  await page.getByRole("button", { name: "延期" }).click();
  const longer = page.getByRole("dialog", { name: "延期" });
  await longer.getByRole("textbox").fill("等木匠");
  await longer.getByRole("button", { name: "延期", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(longer).toBeHidden();
  await page.keyboard.press("j");
  await expect(heading(page)).toContainText(next.number);
  await page.getByRole("button", { name: "延期" }).click();
  await longer.getByRole("textbox").fill("等石匠");
  go();
  await expect(page.locator(".el-message")).toContainText(`${m.number} 已延期`);
  await expect(heading(page)).toContainText(next.number);
  await expect(longer.getByRole("textbox")).toHaveValue("等石匠");
  await longer.getByRole("button", { name: "延期", exact: true }).click();
  await expect(longer).toBeHidden();
  await expect(page.getByRole("region", { name: "经过" })).toContainText("等石匠");
  await expect(page.getByRole("region", { name: "经过" })).not.toContainText("等木匠");
  // What was sent does not come back.
  await page.keyboard.press("k");
  await expect(heading(page)).toContainText(m.number);
  await expect(page.getByRole("region", { name: "经过" })).toContainText("等木匠");
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((k) => k.includes("extend")))).toEqual([]);
});

test("an internal reason never becomes what people read, and photos can be taken out again", async ({ liaison: page, server }) => {
  const m = await filed(page, server, "reason-1", { text: "祠堂门口的台阶缺了一块" });
  await call(page.request, server, await holder(page, server, m), "post", `/submissions/${m.id}/accept`, { version: m.version });
  await page.goto(`/console/matters/${m.id}`);
  await page.getByRole("button", { name: "办结" }).click();
  const closing = page.getByRole("dialog", { name: "办结" });
  await closing.getByText("不予受理").click();
  const [reason, told] = [closing.getByRole("textbox", { name: "不予受理的原因" }), closing.getByRole("textbox", { name: "告诉群众的话（可不填）" })];
  await reason.fill("此人多次无理取闹");
  await told.fill("您反映的不属于受理范围");
  await closing.getByText("已解决").click();
  const text = closing.getByRole("textbox", { name: "办理情况（群众会看到）" });
  await expect(text).toHaveValue("您反映的不属于受理范围");
  await closing.getByText("不予受理").click();
  await expect(reason).toHaveValue("此人多次无理取闹");
  await expect(told).toHaveValue("您反映的不属于受理范围");

  // All of it outlives a page that is loaded anew.
  await page.reload();
  await page.getByRole("button", { name: "办结" }).click();
  await expect(closing.getByRole("radio", { name: /不予受理/ })).toBeChecked();
  await expect(reason).toHaveValue("此人多次无理取闹");
  await expect(told).toHaveValue("您反映的不属于受理范围");
  await closing.getByText("已解决").click();
  await closing.getByText("照片", { exact: true }).click();
  await text.fill("台阶已经补好");
  const picked = async (): Promise<Buffer> => Buffer.from(await page.evaluate(() => {
    const c = document.createElement("canvas");
    c.width = c.height = 200;
    c.getContext("2d")!.fillRect(20, 20, 90, 120);
    return c.toDataURL("image/png").split(",")[1]!;
  }), "base64");
  const one = await picked();
  await closing.locator("input[type=file]").setInputFiles([{ name: "a.png", mimeType: "image/png", buffer: one }, { name: "b.png", mimeType: "image/png", buffer: one }]);
  await expect(closing.getByRole("status").filter({ hasText: "已加 2 张" })).toBeVisible();
  await accessible(page);
  await picture(page, "close-photos");
  await closing.getByRole("button", { name: "移除照片 2" }).click();
  await expect(closing.getByRole("status").filter({ hasText: "已加 1 张" })).toBeVisible();
  await expect(closing.locator("input[type=file]")).toBeFocused();
  await closing.getByRole("button", { name: "办结" }).click();
  await expect(closing).toBeHidden();
  const done = await call<{ timeline: { photos?: string[] }[] }>(page.request, server, "", "get", `/submissions/${m.id}`);
  expect(done.timeline.flatMap((e) => e.photos ?? [])).toHaveLength(1);
  const visitor = await tokenOf(page.request, server, "reason-1");
  expect(JSON.stringify(await call(page.request, server, visitor, "get", `/submissions/${m.id}`))).not.toContain("无理取闹");
});

test("a note of a call outlives what others do meanwhile", async ({ liaison: page, server }) => {
  const m = await filed(page, server, "note-1", { text: "楼道的灯不亮", contact: { phone: "13800138000" } });
  const member = await holder(page, server, m);
  await call(page.request, server, member, "post", `/submissions/${m.id}/askcall`, { version: m.version, reason: "请问是几楼" });
  await page.goto(`/console/matters/${m.id}`);
  await page.getByRole("button", { name: "打过了，记下结果" }).click();
  const note = page.getByRole("dialog", { name: "打过电话" });
  await note.getByRole("textbox", { name: "说了什么" }).fill("是三楼，白天打不通");
  const now = await call<Filed>(page.request, server, "", "get", `/submissions/${m.id}`);
  await call(page.request, server, member, "post", `/submissions/${m.id}/accept`, { version: now.version });
  await expect(page.locator(".head .state")).toHaveText("办理中");
  await expect(note.getByRole("textbox", { name: "说了什么" })).toHaveValue("是三楼，白天打不通");
  await note.getByRole("button", { name: "记下" }).click();
  await expect(note).toBeHidden();
  await expect(page.getByRole("button", { name: "打过了，记下结果" })).toHaveCount(0);
});
