import { flushPromises } from "@vue/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { dropPhrase, keepPhrase, loadPhrases, phrases } from "@/base/phrases";
import { clearSession, startSession } from "@/state/session";

const signIn = (id: string): void => startSession({ user: { id, role: "liaison", name: "" } } as never);

/** The server keeps these, by account; down answers no reading. */
function server(kept: Record<string, string[]>, who: () => string): { down: boolean } {
  const state = { down: false };
  vi.spyOn(api, "GET").mockImplementation((() =>
    Promise.resolve(state.down ? { error: { detail: "稍后再试" }, response: new Response(null, { status: 503 }) } : { data: { items: kept[who()] }, response: new Response() })) as never);
  vi.spyOn(api, "PUT").mockImplementation(((_: string, init: { body: { items: string[] } }) => {
    kept[who()] = init.body.items;
    return Promise.resolve({ data: init.body, response: new Response() });
  }) as never);
  return state;
}

afterEach(() => {
  vi.restoreAllMocks();
  clearSession();
});

it("shows each account its own phrases, also when an answer comes after the next has signed in", async () => {
  let at = "one";
  server({ one: ["甲的话"], two: ["乙的话"] }, () => at);
  signIn("one");
  await loadPhrases();
  expect(phrases.value).toEqual(["甲的话"]);
  clearSession();
  expect(phrases.value).toEqual([]);
  signIn("one");
  const late = keepPhrase("又一句");
  signIn((at = "two"));
  expect(phrases.value).toEqual([]);
  await late;
  await flushPromises();
  await loadPhrases();
  expect(phrases.value).toEqual(["乙的话"]);
});

it("wipes none that it could not load, or that another tab kept", async () => {
  const kept = { one: ["早先的话"] };
  const state = server(kept, () => "one");
  signIn("one");
  state.down = true;
  await loadPhrases();
  await keepPhrase("新的话");
  expect(kept.one).toEqual(["早先的话"]);
  state.down = false;
  await keepPhrase("新的话");
  expect(kept.one).toEqual(["早先的话", "新的话"]);
  kept.one = ["早先的话", "新的话", "别处存的"];
  await dropPhrase("新的话");
  expect(kept.one).toEqual(["早先的话", "别处存的"]);
  expect(phrases.value).toEqual(["早先的话", "别处存的"]);
});
