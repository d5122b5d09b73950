import { beforeEach, describe, expect, it, vi } from "vitest";
import { phone } from "./phone";

const storage = new Map<string, unknown>();
let full = false;
vi.stubGlobal("uni", {
  getStorageSync: (k: string) => storage.get(k) ?? "",
  setStorageSync: (k: string, v: unknown) => {
    if (full) throw new Error("full");
    storage.set(k, v);
  },
  removeStorageSync: (k: string) => storage.delete(k),
  getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
});
beforeEach(() => {
  storage.clear();
  phone.files.clear();
  full = phone.full = false;
});

const { emptyDraft } = await import("@/logic/draft");
const { ref } = await import("vue");
const { actName, actPhotos, actWords, changeDraft, forgetDraft, keepFiles, openDraft, removeAct, saveAct, withPhoto, loadDraft, removeDraft, saveDraft, sweepFiles, unkeptPhotos, withFile, wouldLose } = await import("@/state/drafts");
const { saveValue } = await import("@/state/storage");
type Draft = import("@/logic/draft").Draft;

const begun = (more: Partial<Draft> = {}): Draft => ({ ...emptyDraft("abcdefghjk", "complaint", "id"), text: "多收了二十元", ...more });

async function kept(d: Draft): Promise<Draft> {
  await keepFiles(d, (local, file) => (d = withFile(d, local, file)));
  return d;
}

describe("a draft on the phone", () => {
  it("comes back with its photos and voice", async () => {
    const d = await kept(begun({ photos: [{ local: "a" }, { local: "b", id: "up" }], voice: { local: "v", seconds: 7 }, phoneCode: "secret" }));
    expect(saveDraft("complaint", d)).toBe(true);
    expect([...storage.values()].join()).not.toContain("secret");
    const { draft, lost } = (await loadDraft("abcdefghjk", "complaint"))!;
    expect(lost).toBe(0);
    expect(draft.photos).toEqual([{ local: "a", file: "file-a" }, { local: "b", id: "up", file: "file-b" }]);
    expect(draft.voice).toEqual({ local: "v", file: "file-v", seconds: 7 });
    expect(draft).toMatchObject({ text: "多收了二十元", phoneCode: "" });
  });

  it("is one for each sign and way in", async () => {
    saveDraft("complaint", begun());
    saveDraft("help", begun({ kind: "help", text: "水管裂了" }));
    expect((await loadDraft("abcdefghjk", "help"))?.draft.text).toBe("水管裂了");
    expect((await loadDraft("abcdefghjk", "complaint"))?.draft.text).toBe("多收了二十元");
    expect(await loadDraft("abcdefghjk", "suggestion")).toBeUndefined();
    expect(await loadDraft("0123456789", "help")).toBeUndefined();
    forgetDraft("help", begun());
    expect(await loadDraft("abcdefghjk", "help")).toBeUndefined();
  });

  it("says which photos the phone has no room for, and how many are gone later", async () => {
    let d = await kept(begun({ photos: [{ local: "a" }] }));
    phone.full = true;
    d = await kept({ ...d, photos: [...d.photos, { local: "b" }, { local: "c", id: "up" }] });
    expect(unkeptPhotos(d)).toEqual([2]); // the third is with the server
    expect(wouldLose(d)).toBe(true);
    expect(wouldLose(begun())).toBe(false);
    saveDraft("complaint", d);
    const { draft, lost } = (await loadDraft("abcdefghjk", "complaint"))!;
    expect(lost).toBe(1);
    expect(draft.photos.map((p) => p.id ?? p.file)).toEqual(["file-a", "up"]);
  });

  it("says so when not even the words are taken", () => {
    full = true;
    expect(saveDraft("complaint", begun())).toBe(false);
  });

  it("of before is taken over once, by the way in of its kind, with its photos", async () => {
    saveValue("draft.abcdefghjk", { ...begun({ kind: "dispute" }), photos: [{ local: "data:image/jpeg;base64,AA==" }] });
    expect(await loadDraft("abcdefghjk", "help")).toBeUndefined();
    let d = (await loadDraft("abcdefghjk", "complaint"))!.draft;
    expect(d.photos[0]?.local).toMatch(/^data:/);
    saveDraft("complaint", d);
    expect(storage.has("mashang.draft.abcdefghjk"), "the photo is only there yet").toBe(true);
    d = await kept(d);
    saveDraft("complaint", d);
    expect(storage.has("mashang.draft.abcdefghjk")).toBe(false);
    expect((await loadDraft("abcdefghjk", "complaint"))!.draft.photos).toHaveLength(1);
  });

  it("leaves no file behind", async () => {
    const d = await kept(begun({ photos: [{ local: "a" }], voice: { local: "v", seconds: 1 } }));
    saveDraft("complaint", d);
    phone.files.set("removed", "x");
    await sweepFiles();
    expect([...phone.files.keys()]).toEqual(["file-a", "file-v"]);
    await removeDraft("complaint", d);
    expect(phone.files.size).toBe(0);
    expect([...storage.keys()]).toEqual([]);
  });
});

describe("what is written in a form of a matter", () => {
  const name = actName("u1", "lj-1", "reply");
  const input = (more: object = {}): never => ({ text: "已退还二十元", note: "", photos: [], to: "", days: "1", outcome: "", proof: "", verdict: "", satisfaction: "", include: [], without: false, alone: false, promised: "", ...more }) as never;

  it("comes back with its photos, which are not in the text", async () => {
    expect(actWords(name)).toBeUndefined();
    saveAct(name, input({ photos: [{ local: "data:image/jpeg;base64,AA==", file: "f1" }, { local: "b", id: "up" }, { local: "lost" }] }));
    phone.files.set("f1", "a");
    expect([...storage.values()].join()).not.toContain("base64");
    expect(actWords(name)).toMatchObject({ text: "已退还二十元" });
    expect(actWords(name)).not.toHaveProperty("photos");
    expect(await actPhotos(name)).toEqual({ photos: [{ local: "a", file: "f1" }, { local: "upload:up", id: "up" }], lost: 1 });
  });

  it("is each user's own, and who logs out takes along only what is theirs", async () => {
    const { forgetUser, hasDrafts } = await import("@/state/forget");
    const others = actName("u2", "lj-1", "reply");
    saveAct(name, input({ photos: [{ local: "a", file: "f1" }] }));
    phone.files.set("f1", "a").set("f2", "b");
    expect(actWords(others)).toBeUndefined();
    expect([hasDrafts("u1"), hasDrafts("u2"), hasDrafts("u")]).toEqual([true, false, false]);
    saveAct(others, input({ text: "我来看看", photos: [{ local: "b", file: "f2" }] }));
    await forgetUser("u2", false);
    expect(actWords(others)).toBeUndefined();
    expect(actWords(name)).toMatchObject({ text: "已退还二十元" });
    expect([...phone.files.keys()]).toEqual(["f1"]);
    await forgetUser("u1", true);
    expect(actWords(name)).toBeDefined();
    await forgetUser("u1", false);
    expect([...storage.keys(), ...phone.files.keys()]).toEqual([]);
  });

  it("keeps its files from being swept, and is gone with them once it was taken, or after two months", async () => {
    saveAct(name, input({ photos: [{ local: "a", file: "f1" }] }));
    phone.files.set("f1", "a").set("nobodys", "x");
    await sweepFiles();
    expect([...phone.files.keys()]).toEqual(["f1"]);
    await removeAct(name, input({ photos: [{ local: "a", file: "f1" }] }));
    expect([...phone.files.keys(), ...storage.keys()]).toEqual([]);
    saveAct(name, input());
    saveValue("act.u1.lj-2.ask", { text: "of a version before" });
    await sweepFiles(Date.now() + 59 * 86_400_000);
    expect(storage.size).toBe(2);
    await sweepFiles(Date.now() + 61 * 86_400_000);
    expect([...storage.keys()]).toEqual(["mashang.act.u1.lj-2.ask"]); // its time began when it was found
  });
});

describe("an undo", () => {
  it("reaches the page that has the draft open, and what is stored otherwise", () => {
    const [own, later] = [ref(begun({ photos: [{ local: "a" }, { local: "c" }] })), ref(begun())];
    const saved: Draft[] = [];
    const close = openDraft("draft", own);
    const back = (): void => changeDraft("draft", own, (d) => withPhoto(d, { local: "b" }, 1), (d) => saved.push(d));
    back();
    expect(own.value.photos.map((p) => p.local)).toEqual(["a", "b", "c"]);
    back(); // twice is once
    expect(own.value.photos).toHaveLength(3);
    expect(saved).toEqual([]);
    const closeLater = openDraft("draft", later);
    close(); // the page of before is gone only now
    back();
    expect(later.value.photos.map((p) => p.local)).toEqual(["b"]);
    closeLater();
    own.value = begun();
    back();
    expect(saved.at(-1)?.photos.map((p) => p.local)).toEqual(["b"]);
  });
});
