import { flushPromises } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import { api, Problem } from "@/api/client";
import { useOneByOne } from "@/pages/matters/oneByOne";
import type { Row } from "@/pages/matters/words";

const rows = ["a", "b", "c"].map((id) => ({ id, number: `1-${id}`, version: 1, state: "pooled", state_name: "待分派", flags: [] })) as unknown as Row[];
const scope = effectScope();

async function opened() {
  const open = ref(false);
  const it = scope.run(() => useOneByOne(open, () => rows))!;
  open.value = true;
  await nextTick();
  return { open, ...it };
}

afterEach(() => vi.restoreAllMocks());

it("gives each row its own result, and tries again with the row as it is then", async () => {
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { version: 7, state: "assigned", state_name: "待受理" }, response: new Response() })) as never);
  const { list, left, results, progress, run } = await opened();
  const sent: string[] = [];
  const act = (r: Row): Promise<void> => {
    sent.push(`${r.id}${r.version}`);
    if (r.id === "b" && r.version === 1) return Promise.reject(new Problem(409, { code: "conflict", detail: "孙丽刚刚处理过这件诉求，请刷新后再操作" }));
    if (r.id === "c") return Promise.reject(new Problem(422, { code: "invalid", detail: "还有协办没有答复" }));
    return Promise.resolve();
  };
  await run(list.value, act);
  expect(results.value).toEqual({ a: { state: "done", says: "" }, b: { state: "conflict", says: "孙丽刚刚处理过这件诉求" }, c: { state: "refused", says: "还有协办没有答复" } });
  expect(progress.value).toBeNull();
  const again = await run(left.value, act);
  expect(again.map((f) => f.result.state)).toEqual(["done", "refused"]);
  expect(sent).toEqual(["a1", "b1", "c1", "b7", "c7"]);
});

it("ends after the present row when it is stopped, or its dialog is closed", async () => {
  for (const end of ["stop", "close"]) {
    const { open, list, left, progress, run, stop } = await opened();
    let answer: () => void = () => undefined;
    const sent: string[] = [];
    const ran = run(list.value, (r) => {
      sent.push(r.id);
      return new Promise<void>((go) => (answer = go));
    });
    expect(progress.value).toEqual({ at: 1, of: 3 });
    if (end === "stop") stop();
    else open.value = false;
    await nextTick();
    answer();
    await flushPromises();
    expect((await ran).length).toBe(1);
    expect(sent).toEqual(["a"]);
    expect(left.value.map((r) => r.id)).toEqual(["b", "c"]);
    expect(progress.value).toBeNull();
  }
});
