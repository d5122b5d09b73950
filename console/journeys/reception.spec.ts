import type { Page } from "@playwright/test";
import { accessible } from "./axe";
import { picture } from "./picture";
import { call, expect, settled, test, tokenOf } from "./support";

// The station has the rules that this spec gives it, and no more.
test.use({ alone: "reception" });
test.describe.configure({ mode: "serial" });

/** A local date of the station, some days from now. */
function localDate(ahead = 0): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(Date.now() + ahead * 86_400_000);
}

async function narrow(page: Page, name: string): Promise<void> {
  for (const width of [1280, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await settled(page);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `${name} is wider than ${width}`).toBeLessThanOrEqual(0);
    await page.mouse.move(0, 0);
    await picture(page, `${name}-${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function version(page: Page): Promise<number> {
  return (await call<{ version: number }>(page.request, { url: new URL(page.url()).origin, cast: {} as never }, "", "get", "/station/roster")).version;
}

test("from a rule to the days: filled, published, moved and cancelled", async ({ liaison: page, server }) => {
  await page.goto("/console/reception");
  // The demo has a rule of its own. What it published stays, and lies before the next four weeks.
  await call(page.request, server, "", "delete", `/station/roster/receptions/j01?version=${await version(page)}`);
  await page.reload();
  await page.getByRole("button", { name: "后四周" }).click();
  await expect(page.getByText("这几周没有接待日", { exact: true })).toBeVisible();
  await narrow(page, "reception-empty");
  await page.getByRole("link", { name: "去加规则" }).click();
  await expect(page.getByRole("tab", { name: "接待日规则", selected: true })).toBeVisible();
  await page.getByRole("button", { name: "新增规则" }).click();
  const drawer = page.getByRole("dialog", { name: "新增接待日规则" });
  await drawer.getByLabel("名称").fill("周五接待");
  await drawer.getByLabel("哪些天").fill("每周五吧");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer.locator(".is-error")).toContainText("每周");
  await drawer.getByLabel("哪些天").fill("每周五");
  await picture(page, "reception-rule");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("cell", { name: /每周五 09:00–12:00 · 至少 2 人 · 每段 30 分钟 3 个名额 · 节假日停/ })).toBeVisible();
  await expect(drawer).toBeHidden();
  await accessible(page);
  await narrow(page, "reception-rules");

  await page.getByRole("link", { name: /^接待/ }).first().click();
  const lines = page.locator("tr.line");
  await expect(lines.nth(5)).toBeVisible();
  await expect(page.getByText("没有人，要 2 人").first()).toBeVisible();
  await expect(page.getByText(/的放假安排还没公布/)).toBeVisible();
  await accessible(page);
  await narrow(page, "reception-holes");

  // A hole is filled with two presses: what is offered first, and who comes first.
  await page.getByRole("button", { name: /^补人/ }).nth(3).click();
  const day = page.getByRole("dialog");
  await day.getByRole("button", { name: /^排上/ }).first().click();
  await expect(day.getByText(/^已排上/)).toBeVisible();
  await expect(day.getByText("缺 1 人")).toBeVisible();
  await day.getByRole("button", { name: "撤销" }).click();
  await expect(day.getByText("没有人，要 2 人")).toBeVisible();
  await day.getByRole("button", { name: /^排上/ }).first().click();
  await expect(day.getByText("缺 1 人")).toBeVisible();
  await day.getByRole("textbox", { name: "主题" }).fill("社保和医保");
  await day.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存")).toBeVisible();
  await page.mouse.move(0, 0);
  await accessible(page);
  await narrow(page, "reception-day");
  await page.keyboard.press("Escape");
  await expect(day).toBeHidden();

  await page.getByRole("button", { name: "排满" }).click();
  const fill = page.getByRole("dialog", { name: "排满" });
  await expect(fill.getByText(/位委员、每月各 1 次：/).first()).toBeVisible();
  await accessible(page);
  await narrow(page, "reception-fill");
  await fill.getByRole("button", { name: /^排这/ }).click();
  await expect(fill).toBeHidden();
  await expect(page.getByText(/^已排 \d+ 天。/)).toBeVisible();
  await expect(page.getByText("没有人，要 2 人")).toHaveCount(0);
  await page.getByRole("button", { name: "撤销，恢复原来的排班" }).click();
  await expect(page.getByText("没有人，要 2 人").first()).toBeVisible();
  await page.getByRole("button", { name: "排满" }).click();
  await fill.getByRole("button", { name: /^排这/ }).click();
  await expect(page.getByText("没有人，要 2 人")).toHaveCount(0);
  await narrow(page, "reception");

  // The first day within the span in which days are published by themselves may be published already.
  const draft = lines.filter({ hasText: "草稿" }).first();
  await draft.click();
  await day.getByRole("button", { name: "公布" }).click();
  await expect(day.locator(".pill")).toHaveText("已公布");
  // What is sent round: the text, the day's page for everybody, and its QR code.
  await day.getByRole("button", { name: "公告" }).click();
  const announce = page.getByRole("dialog", { name: /^公告/ });
  await expect(announce.getByLabel("公告文字")).toHaveValue(/【接待公告】.* · 周五接待\n时间：.* 周五 09:00–12:00\n地点：[^]*谁来：\n· .* 委员（[^]*预约：http/);
  await expect(announce.getByRole("img", { name: "这一天的二维码" })).toBeVisible();
  await accessible(page);
  await narrow(page, "reception-announce");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await announce.getByRole("button", { name: "复制链接" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/\/m\/pages\/reception\/index\?day=[\w-]+&station=\w+$/);
  await announce.getByRole("button", { name: "关闭" }).first().click();
  await expect(announce).toBeHidden();

  await day.getByRole("button", { name: "改期" }).click();
  const move = page.getByRole("dialog", { name: /^改期/ });
  await move.getByLabel("开始时间").fill("9");
  await move.getByLabel("为什么改期").fill("场地不能用");
  await move.getByRole("button", { name: "改期" }).click();
  await expect(move.getByRole("alert")).toContainText("08:30");
  await move.getByLabel("开始时间").fill("09:30");
  await picture(page, "reception-move");
  await move.getByRole("button", { name: "改期" }).click();
  await expect(move).toBeHidden();
  await day.getByRole("button", { name: "取消这一天" }).click();
  const cancel = page.getByRole("dialog", { name: /^取消/ });
  await expect(cancel).toContainText("已经预约的人");
  await cancel.getByRole("button", { name: "取消这一天" }).click();
  await expect(cancel.getByRole("alert")).toHaveText("请填写为什么取消");
  await cancel.getByRole("button", { name: "场地不能用" }).click();
  await cancel.getByRole("button", { name: "取消这一天" }).click();
  await expect(day.locator(".pill")).toHaveText("已取消");
  await day.getByRole("button", { name: "恢复" }).click();
  await expect(day.locator(".pill")).toHaveText("已公布");
});

test("a colleague's change is not lost, nor what is being written", async ({ liaison: page, server }) => {
  await page.goto("/console/reception");
  await page.locator("tr.line").last().click();
  const day = page.getByRole("dialog");
  await day.getByLabel("不受理什么").fill("已经起诉的案子");
  const id = new URL(page.url()).searchParams.get("day") ?? "";
  const path = `/reception/days/${id}`;
  const seen = await call<{ revision: number; roster: { member: string }[] }>(page.request, server, "", "get", path);
  await page.context().setOffline(true); // the news of it come too late
  await call(page.request, server, "", "post", `${path}/roster`, { revision: seen.revision, members: [] });
  await page.context().setOffline(false);
  await day.getByRole("button", { name: "保存" }).click();
  await expect(day.getByText(/别人改过|已保存/).or(page.getByText("已保存"))).toBeVisible();
  await expect(day.getByLabel("不受理什么")).toHaveValue("已经起诉的案子");
});

test("what members wish stands beside them, and 排满 says it", async ({ liaison: page, server }) => {
  await page.goto("/console/reception");
  const { items } = await call<{ items: { id: string }[] }>(page.request, server, "", "get", "/reception/days");
  const id = items.at(-1)!.id; // nobody sits on it
  const free = await call<{ items: { member: string; name: string }[] }>(page.request, server, "", "get", `/reception/days/${id}/candidates`);
  const [first, last] = [free.items[0]!, free.items.at(-1)!];
  for (const [m, wish] of [[first, "declines"], [last, "wants"]] as const) {
    const token = await tokenOf(page.request, server, server.cast.members.find((x) => x.id === m.member)!.openid);
    await call(page.request, server, token, "put", `/me/reception/wishes/${id}`, { wish });
  }
  await page.locator("tr.line").last().getByRole("button", { name: /^补人/ }).click();
  const day = page.getByRole("dialog");
  const offers = day.locator(".offer");
  await expect(offers.first()).toBeVisible();
  await expect(offers.filter({ hasText: first.name })).toHaveCount(0); // behind those who are offered at once
  await day.getByRole("button", { name: /^全部/ }).click();
  await expect(offers.last()).toContainText(first.name);
  await expect(offers.last()).toContainText("不方便");
  await expect(offers.filter({ hasText: last.name })).toContainText("想来");
  await accessible(page);
  await picture(page, "reception-wishes");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "排满" }).click();
  const fill = page.getByRole("dialog", { name: "排满" });
  await expect(fill.getByText("1 位想来")).toBeVisible();
  await accessible(page);
  await picture(page, "reception-fill-wishes");
});

test("a day is added, its swaps are approved or refused, its bookings changed and called off", async ({ liaison: page, server }) => {
  await page.goto("/console/reception");
  await page.getByRole("button", { name: "新增一天" }).click();
  const dialog = page.getByRole("dialog", { name: "新增一天" });
  await dialog.getByRole("button", { name: "新增", exact: true }).click();
  await expect(dialog.locator(".is-error").first()).toBeVisible();
  await dialog.getByLabel("名称").fill("法律专题接待");
  await accessible(page);
  await picture(page, "reception-new-day");
  await dialog.getByRole("button", { name: "新增", exact: true }).click();
  const day = page.getByRole("dialog");
  await expect(day.getByText("法律专题接待")).toBeVisible();
  await expect(day.locator(".pill").first()).toHaveText("草稿");
  const id = new URL(page.url()).searchParams.get("day")!;

  interface Seen { revision: number; swaps: { id: string; state: string }[]; roster: { member: string }[] }
  const path = `/reception/days/${id}`;
  const free = (await call<{ items: { member: string; name: string }[] }>(page.request, server, "", "get", `${path}/candidates`)).items;
  const as = (member: string): Promise<string> => tokenOf(page.request, server, server.cast.members.find((x) => x.id === member)!.openid);
  const [a, b, c, d] = free as [(typeof free)[number], (typeof free)[number], (typeof free)[number], (typeof free)[number]];
  const { revision } = await call<Seen>(page.request, server, "", "get", path);
  const put = await call<Seen>(page.request, server, "", "post", `${path}/roster`, { revision, members: [a.member, b.member] });
  await call(page.request, server, "", "post", `${path}/publish`, { revision: put.revision });
  for (const [from, to] of [[a, c], [b, d]] as const) {
    const asked = await call<Seen>(page.request, server, await as(from.member), "post", `${path}/swaps`, { to: to.member, reason: "公务" }, `swap-of-${from.member}`);
    await call(page.request, server, await as(to.member), "post", `${path}/swaps/${asked.swaps.at(-1)!.id}/agree`, {});
  }
  await page.reload();
  const swaps = day.getByRole("region", { name: "换班" }).locator("article");
  await expect(swaps).toHaveCount(2);
  await accessible(page);
  await picture(page, "reception-swaps");
  await swaps.filter({ hasText: a.name }).getByRole("button", { name: "批准", exact: true }).click();
  await expect(page.getByText("已批准，两位委员会收到通知")).toBeVisible();
  await expect(swaps).toHaveCount(1);
  await expect(day.locator(".seats")).toContainText(c.name);
  await swaps.getByRole("button", { name: "不批准" }).click();
  const refuse = page.getByRole("dialog", { name: /^不批准/ });
  await refuse.getByRole("button", { name: "没有别人能来" }).click();
  await refuse.getByRole("button", { name: "不批准", exact: true }).click();
  await expect(page.getByText("没有批准，会告诉委员")).toBeVisible();
  await expect(day.locator(".seats")).toContainText(b.name);
  const after = await call<Seen>(page.request, server, "", "get", path);
  expect(after.roster.map((s) => s.member).sort()).toEqual([b.member, c.member].sort());

  const visitor = await tokenOf(page.request, server, "visitor-of-the-desk");
  const { station } = await call<{ station: { id: string } }>(page.request, server, "", "get", "/station/roster");
  const booking = await call<{ id: string; number: string }>(page.request, server, visitor, "post", `/stations/${station.id}/receptions/${id}/bookings`, { slot: "09:00", persons: 2 }, "book-for-the-desk");
  const booked = async (): Promise<string> => {
    const x = await call<{ slot: string; state: string }>(page.request, server, visitor, "get", `/stations/${station.id}/receptions/${id}/bookings/${booking.id}`);
    return `${x.slot} ${x.state}`;
  };
  await page.goto(`/console/reception/${id}/desk`);
  const more = page.getByRole("button", { name: `${booking.number} 的更多操作` });
  await more.click();
  await page.getByRole("menuitem", { name: /^改到 10:00/ }).click();
  await expect.poll(booked).toBe("10:00 booked");
  await more.click();
  await page.getByRole("menuitem", { name: "取消预约" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "取消预约" }).click();
  await expect.poll(booked).toBe("10:00 cancelled");
  await expect(page.locator("tr.line", { hasText: booking.number })).toHaveCount(0);
});

test("the rule changes, and what was published is shown to be decided", async ({ liaison: page, server }) => {
  await page.goto("/console/reception");
  const rule = { name: "周五接待", repeat: "每周四", holidays: "skip", from: "09:00", to: "12:00", min: 2, seats: 3, slot: 30 };
  await call(page.request, server, "", "put", "/station/roster/receptions/j01", { ...rule, version: await version(page) });
  await page.reload();
  await expect(page.getByRole("heading", { name: /天与现在的规则不一样/ })).toBeVisible();
  await accessible(page);
  await narrow(page, "reception-stray");
  const before = await page.getByRole("button", { name: /^保留/ }).count();
  await page.getByRole("button", { name: /^保留/ }).first().click();
  await expect(page.getByRole("button", { name: /^保留/ })).toHaveCount(before - 1);
  // It is decided for everybody, not for this page alone.
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "接待" })).toBeVisible();
  await expect(page.locator("tr.line").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^保留/ })).toHaveCount(before - 1);
});

test("the desk of the hour: by the keyboard, and without the network", async ({ liaison: page, server }) => {
  await page.goto("/console/reception");
  const [y, m, d] = localDate().split("-").map(Number);
  const rule = { name: "今天接待", repeat: `${y}年${m}月${d}日`, holidays: "keep", from: "00:00", to: "24:00", min: 1, seats: 3, slot: 60 };
  await call(page.request, server, "", "put", "/station/roster/receptions/j09", { ...rule, version: await version(page) });
  const id = `${localDate().replaceAll("-", "")}-j09`;
  const seen = await call<{ revision: number }>(page.request, server, "", "get", `/reception/days/${id}`);
  const free = await call<{ items: { member: string }[] }>(page.request, server, "", "get", `/reception/days/${id}/candidates`);
  await call(page.request, server, "", "post", `/reception/days/${id}/roster`, { revision: seen.revision, members: free.items.slice(0, 1).map((c) => c.member) });
  const put = await call<{ revision: number; state: string; roster: unknown[] }>(page.request, server, "", "get", `/reception/days/${id}`);
  if (put.state === "draft") await call(page.request, server, "", "post", `/reception/days/${id}/publish`, { revision: put.revision });
  await page.reload();
  await page.locator("tr.line", { hasText: "今天" }).first().getByRole("link", { name: /^登记台/ }).click();
  await expect(page.getByText("还没有人预约，也没有人来")).toBeVisible();

  // By telephone: one key, the name, the number, what about, enter.
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("称呼")).toBeFocused();
  await page.keyboard.type("王大爷");
  await page.keyboard.press("Tab");
  await page.keyboard.type("13800138000");
  await dialog.getByLabel("说什么事").fill("低保怎么办");
  await picture(page, "desk-telephone");
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  const first = page.locator("tr.line", { hasText: "王大爷" });
  await expect(first).toContainText("A001");

  await page.keyboard.press("n");
  await expect(dialog.getByLabel("称呼")).toBeFocused();
  await page.keyboard.type("李大姐");
  await page.keyboard.press("Enter");
  const second = page.locator("tr.line", { hasText: "李大姐" });
  await expect(second).toContainText("A002");
  await expect(page.getByRole("region", { name: "下一位" })).toContainText("A002");
  await expect(dialog).toBeHidden();

  await page.keyboard.press("/");
  await page.keyboard.type("王");
  await expect(page.locator("tr.line")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await page.keyboard.press("a");
  await expect(first).toContainText("到了，等接待");
  await page.keyboard.press("r");
  await expect(dialog.getByRole("button", { name: "记下" })).toBeFocused();
  await picture(page, "desk-receive");
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(first).toContainText("当场答复");
  await page.keyboard.press("u");
  await expect(first).toContainText("到了，等接待");
  // Somebody else was meant: one step back, and again.
  await expect(first.getByRole("button", { name: "A001 还没到" })).toBeVisible();
  await page.keyboard.press("u");
  await expect(first).not.toContainText("到了，等接待");
  await expect(first.getByRole("button", { name: "A001 到了" })).toBeVisible();
  await page.keyboard.press("a");
  await expect(first).toContainText("到了，等接待");
  await page.keyboard.press("r");
  await dialog.getByText("转到别处").click();
  await dialog.getByRole("button", { name: "派出所" }).click();
  await dialog.getByRole("button", { name: "记下" }).click();
  await expect(first).toContainText("转到派出所");
  await page.getByRole("textbox", { name: "在名单里找" }).fill("");
  await expect(page.getByRole("button", { name: /^1 已接待（1 人次）/ })).toBeVisible();
  await first.getByRole("button", { name: /^电话/ }).click();
  await expect(first.getByRole("link", { name: "打 13800138000" })).toBeVisible();

  // The network is away: what is entered is kept, also when the page is left, and comes once.
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "现场登记（N）" }).click();
  await dialog.getByLabel("称呼").fill("赵师傅");
  await dialog.getByRole("button", { name: "登记", exact: true }).click();
  const third = page.locator("tr.line", { hasText: "赵师傅" });
  await expect(third).toContainText("待上传");
  await second.getByRole("button", { name: "A002 接待完了" }).click();
  await dialog.getByRole("button", { name: "记下" }).click();
  await expect(second).toContainText("已接待");
  await expect(page.getByText("有 2 条待上传")).toBeVisible();
  await page.mouse.move(0, 0);
  await accessible(page);
  await narrow(page, "desk");
  await page.context().setOffline(false);
  await expect(third).toContainText("A003");
  await expect(page.getByText(/条待上传/)).toHaveCount(0);
  const hour = await call<{ parties: { name: string; state: string }[] }>(page.request, server, "", "get", `/reception/days/${id}/hour`);
  expect(hour.parties.filter((p) => p.name === "赵师傅")).toHaveLength(1);
  expect(hour.parties.find((p) => p.name === "李大姐")?.state).toBe("received");
  expect(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.includes("outbox")))).toEqual([]);

  // What takes longer becomes a submission, with the party's own name, and the desk knows it.
  await third.getByRole("button", { name: "A003 接待完了" }).click();
  await dialog.getByRole("button", { name: "登记为诉求" }).click();
  await expect(page.getByText("接待登记台 A003，1 人来")).toBeVisible();
  await expect(page.getByLabel("反映人", { exact: true })).toHaveValue("赵师傅");
  await page.getByLabel("反映的问题").fill("村口的路灯不亮，想请人修");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await expect(page.getByText("接待登记台的 A003 已记为“登记为诉求”")).toBeVisible();
  await page.getByRole("link", { name: "打开这件" }).click();
  await expect(page.locator(".facts").first()).toContainText("接待日");
  await page.goBack();
  await page.goto(`/console/reception/${id}/desk`);
  await expect(third).toContainText("登记为诉求");

  // The hall sees numbers, and no names.
  await page.goto("/console/screen");
  const calls = page.getByRole("region", { name: "接待叫号" });
  await expect(calls).toContainText("A003");
  await expect(calls).not.toContainText("赵");
  await accessible(page);
  await narrow2(page);

  // At the end of the day it is closed, and counts: each sum is that of its days.
  await page.goto(`/console/reception?day=${id}`);
  await page.getByRole("button", { name: "归档" }).click();
  await page.getByRole("dialog", { name: /^归档/ }).getByRole("button", { name: "归档", exact: true }).click();
  await expect(page.getByText("已归档").first()).toBeVisible();
  await page.goto("/console/reception/figures");
  const row = page.locator("tbody tr").first();
  await expect(row.locator("td")).toHaveText([/今天接待/, "3", "3", "1", "1", "1", "0", String(put.roster.length)]);
  await expect(page.locator(".sums")).toContainText("接待群众3 人次");
  await accessible(page);
  await narrow(page, "reception-count");
  await row.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/reception/${id}/desk`));
});

async function narrow2(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 720 });
  await picture(page, "screen-calls");
}
