import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, file, type Filed, signIn, test, tokenOf } from "./support";

// The colleague's inbox holds what this journey puts there alone.
test.use({ alone: "notes" });

test("what colleagues write stays among them, and comes back to whom it names", async ({ liaison: page, server, browser }) => {
  const [, second] = server.cast.liaisons.filter((l) => l.id.startsWith("l"));
  const { openid, name } = second!;
  const m = await file(page.request, server, "notes-villager", { scene: server.cast.codes.find((c) => c.member_openid)!.key, text: "渡口路灯坏了三天，晚上看不清路" });
  await page.goto(`/console/matters/${m.id}`);
  const notes = page.getByRole("region", { name: /内部备注/ });
  await expect(notes).toContainText("还没有备注");
  await expect(notes).toContainText("只有本站联络员看到");

  // Unsent words outlive a reload.
  await notes.getByRole("textbox", { name: "写备注" }).fill("去年同一处也报过");
  await page.reload();
  await expect(notes.getByRole("textbox", { name: "写备注" })).toHaveValue("去年同一处也报过");
  await notes.getByRole("textbox", { name: "写备注" }).press("Control+Enter");
  await expect(notes.getByRole("listitem")).toContainText("去年同一处也报过");
  await expect(notes.getByRole("textbox", { name: "写备注" })).toHaveValue("");

  // A colleague is named from the keyboard.
  await notes.getByRole("textbox", { name: "写备注" }).pressSequentially(`这次还是那盏灯，请@${name[0]}`);
  const offered = notes.getByRole("option", { name: `@${name}` });
  await expect(offered).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(offered).toHaveCount(0);
  // Another key offers them again; Ctrl+Enter would send, Tab goes on.
  await page.keyboard.press("Backspace");
  await page.keyboard.type(name[0]!);
  await expect(notes.getByRole("textbox", { name: "写备注" })).toHaveAttribute("aria-activedescendant", (await offered.getAttribute("id"))!);
  await page.keyboard.press("Enter");
  await expect(notes.getByRole("textbox", { name: "写备注" })).toHaveValue(`这次还是那盏灯，请@${name} `);
  await page.keyboard.type("联系供电所");
  await page.keyboard.press("Control+Enter");
  await expect(notes.getByRole("listitem").last()).toContainText(`${name}还没有看`);

  // Tags are typed or chosen, and found in the list.
  const marks = page.getByRole("region", { name: "标签和提醒" });
  for (const tag of ["路灯", "试试"]) {
    await marks.getByRole("combobox", { name: "标签" }).fill(tag);
    await page.keyboard.press("Enter");
    await expect(marks.getByRole("button", { name: `去掉标签 ${tag}` })).toBeVisible();
  }
  // A colleague tags it too: neither takes away what the other added. The focus stays at the tags.
  const theirs = await tokenOf(page.request, server, openid);
  await call(page.request, server, theirs, "patch", `/submissions/${m.id}/tags`, { add: ["夜间"] });
  await marks.getByRole("button", { name: "去掉标签 试试" }).focus();
  await page.keyboard.press("Enter");
  await expect(marks.getByRole("button", { name: "去掉标签 试试" })).toHaveCount(0);
  await expect(marks.getByRole("button", { name: "去掉标签 路灯" })).toBeVisible();
  await expect(marks.getByRole("button", { name: "去掉标签 夜间" })).toBeFocused();
  await expect(marks.getByRole("status")).toHaveText("已去掉标签 试试");

  // On Thursday, or on the next common day.
  await marks.getByRole("button", { name: "下周一" }).click();
  await expect(marks).toContainText("（周一）");
  await marks.getByRole("button", { name: "改" }).click();
  await marks.getByRole("textbox", { name: "到时要做什么" }).fill("问问供电所");
  await marks.getByRole("button", { name: "到时提醒我" }).click();
  await expect(marks).toContainText("问问供电所");

  // One press nudges who owes the next step, and says when it can be done again.
  const nudge = page.getByRole("button", { name: /^催一下/ });
  await nudge.click();
  await expect(page.getByText(/催过 1 次，最近今天/)).toBeVisible();
  await expect(nudge).toBeDisabled();
  await expect(page.getByText(/后可以再催/)).toBeVisible();
  await accessible(page);
  await picture(page, "notes");

  // Whom a second nudge does not reach is said: nobody turns the server's clock here, so its answer says so.
  await page.route(`**/api/v1/submissions/${m.id}/nudge`, async (r) => {
    const all = await call<Record<string, unknown>>(page.request, server, "", "get", `/submissions/${m.id}/notes`);
    await r.fulfill({ json: { ...all, nudge_at: new Date(Date.now() + 2_000).toISOString(), nudged: { told: [], recent: [m.assignee!.name], unbound: ["渡口管理站"] } } });
  });
  await page.route(`**/api/v1/submissions/${m.id}/notes`, async (r) => {
    if (r.request().method() !== "GET") return r.continue();
    const all = (await (await r.fetch()).json()) as Record<string, unknown>;
    delete all.nudge_at;
    await r.fulfill({ json: all });
  });
  await page.reload();
  await nudge.click();
  await expect(page.getByRole("status").filter({ hasText: "渡口管理站还没有绑定微信，收不到，请打电话" })).toContainText(`${m.assignee!.name}刚催过，这次没有再催`);
  // By the clock the button comes back.
  await expect(nudge).toBeEnabled();
  await page.unrouteAll();

  // A note whose answer is lost keeps its words, and is written once however often it is sent.
  const field = notes.getByRole("textbox", { name: "写备注" });
  await field.fill("已请供电所明天来");
  await page.route(`**/api/v1/submissions/${m.id}/notes`, async (r) => {
    if (r.request().method() !== "POST") return r.continue();
    await r.fetch();
    await r.abort();
  });
  await field.press("Control+Enter");
  await expect(page.getByRole("alert").filter({ hasText: /网络|连/ })).toBeVisible();
  await expect(field).toHaveValue("已请供电所明天来");
  await page.unrouteAll();
  await field.press("Control+Enter");
  await expect(field).toHaveValue("");
  await expect(notes.getByRole("listitem").filter({ hasText: "已请供电所明天来" })).toHaveCount(1);
  await notes.getByRole("button", { name: /^删除/ }).last().click();
  await expect(notes.getByRole("listitem").filter({ hasText: "已请供电所明天来" })).toHaveCount(0);
  // The words of a note taken back return to the field, with the answer.
  await expect(field).toHaveValue("已请供电所明天来");
  await field.fill("");

  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await notes.scrollIntoViewIfNeeded();
  await picture(page, "notes-phone");
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.goto("/console/matters?tag=%E8%B7%AF%E7%81%AF");
  await expect(page.getByLabel("条件：标签：路灯")).toBeVisible();
  await expect(page.locator("table.matters tbody tr")).toHaveCount(1);
  await expect(page.locator("table.matters tbody tr")).toContainText("#路灯");
  await picture(page, "notes-list");

  // Neither the filer nor the member reads any of it.
  const holder = server.cast.members.find((x) => x.id === m.assignee!.id)!.openid;
  for (const who of ["notes-villager", holder]) {
    const token = await tokenOf(page.request, server, who);
    const text = JSON.stringify(await call<Filed>(page.request, server, token, "get", `/submissions/${m.id}`));
    for (const secret of ["去年同一处", "问问供电所", "#路灯"]) expect(text).not.toContain(secret);
  }

  // The colleague finds it in the inbox, and ticks it off by a key.
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 }, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  await signIn(context, server, openid);
  const other = await context.newPage();
  await other.goto("/console/now");
  const group = other.getByRole("region", { name: /^同事提到您/ });
  await expect(group).toContainText(`请@${name} 联系供电所`);
  await expect(group).toContainText("催过 1 次");
  await picture(other, "notes-inbox");
  await other.keyboard.press("j");
  await other.keyboard.press("d");
  await expect(group).toHaveCount(0);
  await page.goto(`/console/matters/${m.id}`);
  await expect(notes.getByRole("listitem").last()).toContainText(`${name}看过了`);
  await context.close();
});
