import type { Page } from "@playwright/test";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Server, signIn, test, tokenOf } from "./support";

// Members here have what this spec gives them, and no more.
test.use({ alone: "people" });

/** The demo's administrator. */
function admin(server: Server): string {
  const found = server.cast.liaisons.find((l) => l.openid.startsWith("demo-admin"));
  if (!found) throw new Error("no administrator in the cast");
  return found.openid;
}

test("a liaison adds, mends, lets go and brings back a member", async ({ liaison: page }) => {
  await page.goto("/console/people");
  await expect(page.getByRole("tab", { name: /委员 31/ })).toBeVisible();
  await accessible(page);
  await picture(page, "people-members");

  await page.getByRole("button", { name: "新增委员" }).click();
  const drawer = page.getByRole("dialog", { name: "新增委员" });
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer.getByText("请填写姓名")).toBeVisible();
  await page.mouse.move(0, 0);
  await accessible(page);
  await picture(page, "people-member-wrong");
  await drawer.getByLabel("姓名").fill("渡新月");
  await drawer.getByLabel("界别", { exact: true }).click();
  await page.getByRole("option", { name: "文化旅游" }).click();
  await drawer.getByRole("textbox", { name: "电话" }).fill("12");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer.getByText("不是有效的电话")).toBeVisible();
  await drawer.getByRole("textbox", { name: "电话" }).fill("0900-0000099");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("tab", { name: /委员 32/ })).toBeVisible();
  await expect(page.getByText("渡新月）：新增")).toBeVisible();

  await page.getByRole("textbox", { name: "找委员" }).fill("渡新月");
  await expect(page.getByText("1 人", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "渡新月的更多操作" }).click();
  await page.getByRole("menuitem", { name: "查看电话" }).click();
  const asking = page.getByRole("dialog", { name: "查看渡新月的电话" });
  await asking.getByRole("button", { name: "核对值班" }).click();
  await expect(asking.getByRole("textbox", { name: "原因" })).toHaveValue("核对值班");
  await asking.getByRole("button", { name: "查看", exact: true }).click();
  await expect(page.getByText("0900-0000099")).toBeVisible();
  await page.getByRole("button", { name: "关闭", exact: true }).click();

  await page.getByRole("button", { name: "渡新月的更多操作" }).click();
  await page.getByRole("menuitem", { name: "停用" }).click();
  await expect(page.getByText("停用，历史记录保留")).toBeVisible();
  await accessible(page);
  await picture(page, "people-remove");
  await page.getByRole("button", { name: "停用", exact: true }).click();
  await expect(page.getByRole("tab", { name: /委员 31/ })).toBeVisible();
  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await expect(page.getByRole("tab", { name: /委员 32/ })).toBeVisible();
});

test("an edit of what somebody else changed is not lost, nor theirs", async ({ liaison: page, server }) => {
  await page.goto("/console/people?tab=places");
  const first = page.getByRole("button", { name: /^编辑/ }).first();
  const name = ((await first.getAttribute("aria-label")) ?? "").slice(2);
  await first.click();
  const drawer = page.getByRole("dialog", { name: /修改议事室/ });
  await expect(drawer).toBeVisible();
  const token = await tokenOf(page.request, server, admin(server));
  interface Rooms {
    version: number;
    rooms: { id: string; name: string }[];
    members: { id: string; name: string; sector: string }[];
  }
  // Another entry changed: that is no matter.
  let r = await call<Rooms>(page.request, server, token, "get", "/station/roster");
  const id = r.rooms.find((x) => x.name === name)?.id ?? "";
  await call(page.request, server, token, "put", `/station/roster/rooms/new-room`, { version: r.version, name: "新议事室" });
  await drawer.getByLabel("名称").fill(`${name}一`);
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText(`${name}一`).first()).toBeVisible();
  // The same entry changed: what the other one changed is kept, what both changed is asked.
  await page.getByRole("button", { name: `编辑${name}一` }).click();
  r = await call<Rooms>(page.request, server, token, "get", "/station/roster");
  await call(page.request, server, token, "put", `/station/roster/rooms/${id}`, { version: r.version, name: `${name}二`, village: "别人改的村" });
  const edit = page.getByRole("dialog", { name: /修改议事室/ });
  await edit.getByLabel("名称").fill(`${name}三`);
  await edit.getByRole("button", { name: "保存" }).click();
  const said = edit.getByRole("alert").filter({ hasText: "这一条被别人改过" });
  await expect(said).toContainText("别人改的村");
  await expect(said.getByRole("radio", { name: `我填的“${name}三”` })).toBeChecked();
  await accessible(page);
  await picture(page, "people-clash");
  await said.getByText(`别人改的“${name}二”`).click();
  await expect(edit.getByRole("textbox", { name: "名称" })).toHaveValue(`${name}二`);
  await said.getByText(`我填的“${name}三”`).click();
  await edit.getByRole("button", { name: "保存" }).click();
  await expect(edit).toBeHidden();
  r = await call<Rooms>(page.request, server, token, "get", "/station/roster");
  expect(r.rooms.find((x) => x.id === id)).toMatchObject({ name: `${name}三`, village: "别人改的村" });
});

test("a number that a colleague registers meanwhile is not undone by an open form", async ({ liaison: page, server }) => {
  const token = await tokenOf(page.request, server, admin(server));
  interface Departments {
    version: number;
    departments: { id: string; name: string; has_phone: boolean }[];
  }
  const stored = async (): Promise<Departments> => call<Departments>(page.request, server, token, "get", "/station/roster");
  const put = async (body: object): Promise<void> => call(page.request, server, token, "put", "/station/roster/departments/ferry", { version: (await stored()).version, name: "渡口管理所", ...body });
  await put({});
  await page.goto("/console/people?tab=departments");
  await page.getByRole("button", { name: "编辑渡口管理所" }).click();
  const drawer = page.getByRole("dialog", { name: /修改部门/ });
  await put({ phone: "13800138077" });
  await drawer.getByLabel("名称").fill("渡口管理站");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer.getByRole("alert")).toContainText("别人登记了电话，保留这一改动");
  await expect(drawer.getByRole("radio", { name: "不改（已登记）" })).toBeChecked();
  await accessible(page);
  await picture(page, "people-phone");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer).toBeHidden();
  expect((await stored()).departments.find((d) => d.id === "ferry")).toMatchObject({ name: "渡口管理站", has_phone: true });

  // A new number is asked for when that is chosen; nothing typed removes none.
  await page.getByRole("button", { name: "编辑渡口管理站" }).click();
  await drawer.getByText("换成新号码").click();
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer).toContainText("请填写新号码，或选“不改”");
});

test("a place keeps where it is on the map when it is edited", async ({ liaison: page, server }) => {
  const token = await tokenOf(page.request, server, admin(server));
  interface Places {
    version: number;
    places: { id: string; name: string; lat?: number; lng?: number }[];
  }
  const stored = async (): Promise<Places> => call<Places>(page.request, server, token, "get", "/station/roster");
  const before = await stored();
  const place = before.places[0];
  if (!place) throw new Error("the demo has no place");
  await page.goto("/console/people?tab=places");
  await page.getByRole("button", { name: `编辑${place.name}` }).click();
  const drawer = page.getByRole("dialog", { name: /修改点位/ });
  await drawer.getByLabel("坐标").fill("渡口东边");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer.getByText("请写成“纬度，经度”")).toBeVisible();
  await accessible(page);
  await picture(page, "people-place");
  // What the server refuses of the two numbers stands at the field as well.
  await drawer.getByLabel("坐标").fill("103.2，135.5");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer.locator(".el-form-item.is-error").filter({ hasText: "坐标" }).locator(".el-form-item__error")).not.toContainText("请写成");
  await drawer.getByLabel("坐标").fill("103.206543，35.601234");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存")).toBeVisible();

  await page.getByRole("button", { name: `编辑${place.name}` }).click();
  await expect(drawer.getByLabel("坐标")).toHaveValue("35.601234，103.206543");
  await drawer.getByLabel("名称").fill(`${place.name}东`);
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText(`${place.name}东`).first()).toBeVisible();
  expect((await stored()).places[0]).toMatchObject({ name: `${place.name}东`, lat: 35.601234, lng: 103.206543 });
});

test("every part of the roster can be seen, and a sector renamed", async ({ liaison: page }) => {
  await page.goto("/console/people?tab=sectors");
  await page.getByRole("button", { name: "编辑文化旅游" }).click();
  const drawer = page.getByRole("dialog", { name: "修改界别：文化旅游" });
  await drawer.getByLabel("名称").fill("文旅");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("cell", { name: /文化旅游 用到/ })).toBeVisible();
  await accessible(page);
  await picture(page, "people-sectors");
  for (const [tab, name] of [["议事室与点位", "places"], ["专班", "squads"], ["部门", "departments"], ["联络员", "liaisons"], ["值班", "duty"], ["站点信息", "station"]] as const) {
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByRole("tabpanel", { name: tab })).toBeVisible();
    if (name === "squads") await addSquad(page);
    await accessible(page);
    await picture(page, `people-${name}`);
  }
});

/** Adds a squad with its leader. */
async function addSquad(page: Page): Promise<void> {
  await page.getByRole("button", { name: "新增专班" }).click();
  const drawer = page.getByRole("dialog", { name: "新增专班" });
  await drawer.getByLabel("名称").fill("旅游纠纷专班");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer.getByText("要有一位组长")).toBeVisible();
  await drawer.getByLabel("组长").click();
  await page.getByRole("option").first().click();
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("cell", { name: /旅游纠纷专班/ }).first()).toBeVisible();
  await page.mouse.move(0, 0);
}

test("a spreadsheet goes out, comes in, and is taken back", async ({ liaison: page }) => {
  await page.goto("/console/people");
  await page.getByRole("button", { name: "导出" }).click();
  const dialog = page.getByRole("dialog", { name: "导出名册" });
  await dialog.getByLabel("用途").fill("年度核对");
  await accessible(page);
  await picture(page, "people-export");
  const saving = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "导出" }).click();
  const path = await (await saving).path();

  await page.getByRole("button", { name: "新增委员" }).click();
  const drawer = page.getByRole("dialog", { name: "新增委员" });
  await drawer.getByLabel("姓名").fill("多一人");
  await drawer.getByLabel("界别", { exact: true }).click();
  await page.getByRole("option").first().click();
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("多一人）：新增")).toBeVisible();

  await page.getByRole("button", { name: "导入表格" }).click();
  await page.locator("input[type=file]").setInputFiles({ name: "no.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("no sheet") });
  await expect(page.getByText("这不是 .xlsx 文件")).toBeVisible();
  await page.locator("input[type=file]").setInputFiles({ name: "r.xlsx", mimeType: "application/octet-stream", buffer: await (await import("node:fs/promises")).readFile(path) });
  await expect(page.getByText(/表格没有错误。将有 \d+ 处变化/)).toBeVisible();
  await expect(page.getByText("停用，历史记录保留")).toBeVisible();
  await accessible(page);
  await picture(page, "people-import");
  await page.getByRole("button", { name: /导入这 \d+ 处变化/ }).click();
  await expect(page.getByText("名册现在是第")).toBeVisible();
  await picture(page, "people-imported");
  await page.getByRole("button", { name: "回到名册" }).click();
  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await page.getByRole("textbox", { name: "找委员" }).fill("多一人");
  await expect(page.getByRole("link", { name: "多一人" })).toBeVisible();
});

test("a member's page: load, figures, absence with a substitute, a lost phone", async ({ liaison: page, server }) => {
  const m = server.cast.members[0];
  const code = server.cast.codes.find((c) => c.kind === "member" && c.member_openid === m?.openid);
  if (!m || !code) throw new Error("no member in the cast");
  await file(page.request, server, "villager-of-people", { scene: code.key });
  const theirs = await tokenOf(page.request, server, m.openid);
  await page.goto(`/console/people/members/${m.id}`);
  await expect(page.getByRole("heading", { name: `${m.name}委员` })).toBeVisible();
  await expect(page.getByRole("row", { name: /收到诉求 1 件 1 件/ })).toBeVisible();
  await page.getByRole("button", { name: "登记外出" }).click();
  const dialog = page.getByRole("dialog", { name: `登记${m.name}外出` });
  await dialog.getByRole("button", { name: "登记", exact: true }).click();
  await expect(dialog.getByText("请选择外出的日子")).toBeVisible();
  const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
  await dialog.getByPlaceholder("开始").fill(day(2));
  await dialog.getByPlaceholder("结束").fill(day(4));
  await dialog.getByPlaceholder("结束").press("Enter");
  await dialog.getByLabel("谁来代办").click();
  await page.getByRole("option").first().click();
  await picture(page, "people-absence");
  await dialog.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByText(/^代办：/)).toBeVisible();
  await accessible(page);
  await picture(page, "people-member");

  await page.getByRole("button", { name: `${m.name}的更多操作` }).click();
  await page.getByRole("menuitem", { name: "解除微信绑定" }).click();
  await page.getByRole("button", { name: "解除绑定" }).click();
  await expect(page.getByText("未绑定，收不到提醒")).toBeVisible();
  const after = await page.request.get(`${server.url}/api/v1/me`, { headers: { Authorization: `Bearer ${theirs}` } });
  expect(after.status()).toBe(401);

  await page.goto("/console/people/invitations");
  await page.getByRole("checkbox", { name: `选${m.name}` }).check();
  await accessible(page);
  await picture(page, "people-invitations");
  await page.getByRole("button", { name: /给选中的 1 人/ }).click();
  await expect(page.getByText(/^[a-z0-9]{4}(-[a-z0-9]{4}){3}$/)).toBeVisible();
  await accessible(page);
  await picture(page, "people-slips");
});

test("the staff is the administrator's to change", async ({ page, server }) => {
  await signIn(page.context(), server, admin(server));
  await page.goto("/console/people?tab=liaisons");
  await page.getByRole("button", { name: "新增联络员" }).click();
  const drawer = page.getByRole("dialog", { name: "新增联络员" });
  await drawer.getByLabel("姓名").fill("新来的");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("cell", { name: /新来的/ }).first()).toBeVisible();
  await accessible(page);
});

test("on a phone the invitation fits the screen, and a warning of the whole installation can be read", async ({ liaison: page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.route("**/api/v1/console/session", async (r) => {
    const s = await (await r.fetch()).json();
    await r.fulfill({ json: { ...s, notice: "磁盘快满了，请尽快告诉运行码上的人" } });
  });
  await page.goto(`/console/people/members/${server.cast.members[0]!.id}`);
  await expect(page.getByRole("alert").getByText("磁盘快满了")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: /更多操作/ }).first().click();
  await page.getByRole("menuitem", { name: /邀请码/ }).click();
  const dialog = page.getByRole("dialog", { name: /邀请码/ }).locator(".el-dialog");
  await expect(dialog).toBeVisible();
  const box = (await dialog.boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(390);
});
