import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { defineComponent } from "vue";

// Ends what hangs and judges no speed.
const patience = { timeout: 60_000 };

afterEach(() => vi.unstubAllGlobals());

it("names in the inbox whom no notice reached, of all matters at once", async () => {
  const asked: string[] = [];
  const json = (body: object): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } }));
  // The server reads one value with commas, the first of several.
  vi.stubGlobal("fetch", (r: Request) => {
    const url = new URL(r.url);
    if (url.pathname.endsWith("/now")) return json({ needs: [{ key: "untold", total: 2, query: "", items: ["a", "b"].map((id) => ({ id, flags: ["untold"] })) }], snoozed: [] });
    asked.push(url.search);
    return json({ items: url.searchParams.get("submission")!.split(",").map((id) => ({ id: `u-${id}`, submission: { id } })) });
  });
  // The client keeps the fetch that it finds when it is loaded.
  const { useInbox } = await import("@/pages/now/inbox");
  let inbox!: ReturnType<typeof useInbox>;
  const w = mount(defineComponent(() => ((inbox = useInbox()), () => null)));
  await vi.waitFor(() => expect(asked.length).toBe(1), patience);
  await flushPromises();
  await vi.waitFor(() => expect([...inbox.untold.value.keys()]).toEqual(["a", "b"]), patience);
  w.unmount();
});
