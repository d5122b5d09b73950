import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { nextTick } from "vue";

/** What the pages do when they are shown. */
const shown: (() => unknown)[] = [];
vi.mock("@dcloudio/uni-app", () => ({ onShow: (f: () => unknown) => shown.push(f), onHide: () => undefined, onUnload: () => undefined }));

/** The requests that wait for their answers, in the order of asking. */
const asked: { url: string; answer: (status: number, data: unknown) => void }[] = [];
vi.stubGlobal("uni", {
  getStorageSync: () => "",
  setStorageSync: () => undefined,
  removeStorageSync: () => undefined,
  request: (o: { url: string; success: (r: unknown) => void }) => {
    asked.push({ url: o.url, answer: (statusCode, data) => o.success({ statusCode, data, header: {} }) });
  },
});

const { call, caller } = await import("@/api/client");
const { session } = await import("@/state/session");
const { askSummary, summary } = await import("@/state/inbox");
const { useLoaded } = await import("@/logic/load");
const { useMatter } = await import("@/pages/matter/matter");

async function logIn(id: string): Promise<void> {
  caller.token = `token of ${id}`;
  session.user = { id, role: "member" } as never;
  await nextTick();
}
/** Waits for the n-th request. */
const request = (n: number): Promise<(typeof asked)[0]> => vi.waitFor(() => asked[n] ?? Promise.reject(new Error(`request ${n} was not made`)));

beforeEach(async () => {
  session.user = undefined;
  await nextTick();
  shown.length = asked.length = 0;
  await logIn("a");
  summary.value = undefined;
});
afterEach(() => {
  session.user = undefined;
});

for (const [how, status] of [["answer", 200], ["refusal", 403]] as const) {
  it(`a former user's late ${how} does not end the loading of a page for whoever logged in`, async () => {
    const page = useLoaded("/pages/phrases/index", () => call("get", "/api/v1/me/phrases"));
    const [first, firstOver] = [page.reload(), await request(0)];
    await logIn("b");
    const [second, secondOver] = [page.reload(), await request(1)];
    firstOver.answer(status, { items: ["a's"], code: "denied" });
    await first;
    expect([page.loading.value, page.value.value, page.problem.value]).toEqual([true, undefined, undefined]);
    secondOver.answer(200, { items: ["b's"] });
    await second;
    expect([page.loading.value, page.value.value]).toEqual([false, { items: ["b's"] }]);
  });

  it(`a former user's late ${how} does not end the loading of a matter for whoever logged in`, async () => {
    const page = useMatter(() => "s1", () => "/pages/matter/index?id=s1", () => false);
    const [first, firstOver] = [page.reload(), await request(0)];
    await logIn("b");
    const [second, secondOver] = [page.reload(), await request(1)];
    firstOver.answer(status, { id: "s1", version: 9, filed_at: "2026-07-16T10:00:00Z", code: "denied" });
    await first;
    expect([page.loading.value, page.matter.value, page.problem.value]).toEqual([true, undefined, undefined]);
    secondOver.answer(200, { id: "s1", version: 3, filed_at: "2026-07-16T10:00:00Z" });
    await second;
    expect([page.loading.value, page.matter.value?.version]).toEqual([false, 3]);
  });
}

it("a former user's late counts do not stand for those of whoever logged in", async () => {
  const [first, firstOver] = [askSummary(), await request(0)];
  await logIn("b");
  const [second, secondOver] = [askSummary(), await request(1)];
  secondOver.answer(200, { todo: 2 });
  await second;
  firstOver.answer(200, { todo: 7 });
  await first;
  expect(summary.value).toEqual({ todo: 2 });
});
