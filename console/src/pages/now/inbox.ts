import { computed, nextTick, onMounted, ref, shallowRef } from "vue";
import { ElMessage } from "element-plus";
import { api, unwrap, type Schemas } from "@/api/client";
import { problemText } from "@/api/problem";
import { assign, type Assigned } from "@/base/assign";
import { useLoad } from "@/base/load";
import { nudgedWords } from "@/base/nudged";
import type { Day } from "@/base/remind";
import { date } from "@/base/time";
import type { Item, Need } from "./needs";

type Untold = Schemas["Untold"];

/** Several changes within this time cause one reload, in milliseconds. */
const reloadDelay = 400;

/** Of how many matters one request asks whom no notice reached. */
const askedAtOnce = 50;

/** What was done last, and how to undo it. */
export interface Done {
  text: string;
  undo?: () => Promise<void>;
}

/** The liaison's inbox: what needs them, group by group, and the acts on a row. */
export function useInbox() {
  const now = useLoad(() => unwrap(api.GET("/api/v1/station/now")));
  /** Whom no notice reached, by matter. */
  const untold = shallowRef(new Map<string, Untold[]>());
  const at = ref("");
  const done = ref<Done | null>(null);

  // The frame shows the alarms above every page.
  const groups = computed<Need[]>(() => (now.data.value?.needs ?? []).filter((g) => g.key !== "alarm"));
  const total = computed(() => groups.value.reduce((sum, g) => sum + g.total, 0));
  const rows = computed(() => groups.value.flatMap((g) => g.items.map((item) => ({ key: g.key, item }))));
  const current = computed(() => rows.value.find((r) => r.item.id === at.value));

  async function loadUntold(): Promise<void> {
    const ids = rows.value.filter((r) => r.item.flags.includes("untold")).map((r) => r.item.id);
    const found = new Map<string, Untold[]>();
    try {
      for (let i = 0; i < ids.length; i += askedAtOnce) {
        const page = await unwrap(api.GET("/api/v1/station/untold", { params: { query: { submission: ids.slice(i, i + askedAtOnce) } } }));
        for (const u of page.items) if (u.submission) found.set(u.submission.id, [...(found.get(u.submission.id) ?? []), u]);
      }
    } catch {
      return; // the rows are shown without the names
    }
    untold.value = found;
  }

  /** Loads the groups. The row that has the focus keeps it; if it has gone, the next one gets it. */
  async function load(): Promise<void> {
    const before = rows.value.map((r) => r.item.id);
    const focused = document.activeElement?.closest("[data-need]") !== null;
    await now.load();
    void loadUntold();
    const here = new Set(rows.value.map((r) => r.item.id));
    if (!at.value || here.has(at.value)) return;
    const from = before.indexOf(at.value);
    const next = [...before.slice(from + 1), ...before.slice(0, from).reverse()].find((id) => here.has(id)) ?? "";
    if (focused) focus(next);
    else at.value = next;
  }
  onMounted(load);

  let timer: ReturnType<typeof setTimeout> | undefined;
  function reloadSoon(then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(() => void load().then(then), reloadDelay);
  }

  function focus(id: string): void {
    at.value = id;
    void nextTick(() => {
      const row = document.querySelector<HTMLElement>(`[data-need="${CSS.escape(id)}"]`);
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: "nearest" });
    });
  }

  function step(by: number): void {
    const i = rows.value.findIndex((r) => r.item.id === at.value);
    const next = i < 0 ? (by > 0 ? 0 : rows.value.length - 1) : Math.min(rows.value.length - 1, Math.max(0, i + by));
    const row = rows.value[next];
    if (row) focus(row.item.id);
  }

  // One act at a time: each is sent with what the one before it left.
  let queue: Promise<void> = Promise.resolve();
  function run(act: () => Promise<Done | null>): Promise<void> {
    queue = queue.then(async () => {
      try {
        done.value = (await act()) ?? done.value;
      } catch (e) {
        ElMessage.error(problemText(e));
      }
      await load();
    });
    return queue;
  }

  /** Assigns a matter to whom the rules propose, with their reason. */
  function propose(m: Item): Promise<void> {
    const to = m.proposed;
    if (!to) return Promise.resolve();
    return run(async () => {
      const r = await assign([m], { id: to.id, name: to.name }, `按规则推荐：${to.why || "有空办理"}`);
      if (r.failed[0]) {
        ElMessage.error(r.failed[0].detail);
        return null;
      }
      return { text: `${m.number} 已交给${to.name}` };
    });
  }

  function assigned(r: Assigned, number: string): Promise<void> {
    return run(() => Promise.resolve({ text: `${number} 已交给${r.to.name}` }));
  }

  function snooze(m: Item, until: Date, name: string): Promise<void> {
    const params = { path: { id: m.id } };
    return run(async () => {
      await unwrap(api.PUT("/api/v1/me/snoozes/{id}", { params, body: { version: m.version, until: until.toISOString() } }));
      return { text: `${m.number} ${name}${name.endsWith("看") ? "" : "再看"}`, undo: () => unsnooze(m.id) };
    });
  }

  async function unsnooze(id: string): Promise<void> {
    await unwrap(api.DELETE("/api/v1/me/snoozes/{id}", { params: { path: { id } } }));
  }
  const wake = (id: string): Promise<void> => run(async () => (await unsnooze(id), { text: "已放回" }));

  /** Records that everybody was told whom no notice about the matter reached. */
  function markTold(m: Item): Promise<void> {
    return run(async () => {
      const list = untold.value.get(m.id) ?? [];
      if (!list.length) return { text: `${m.number} 要告知的名单还没有读到，请刷新后再试` };
      for (const u of list) await unwrap(api.POST("/api/v1/station/untold/{id}/done", { params: { path: { id: u.id } }, body: {} }));
      return { text: `${m.number} 已打过` };
    });
  }

  /** Ticks off the notes that name the liaison, or their own reminder. */
  function tickOff(m: Item, key: Need["key"]): Promise<void> {
    const params = { path: { id: m.id } };
    return run(async () => {
      if (key === "mentioned") {
        await unwrap(api.POST("/api/v1/submissions/{id}/notes/seen", { params }));
        return { text: `${m.number} 的备注看过了` };
      }
      await unwrap(api.DELETE("/api/v1/submissions/{id}/reminder", { params }));
      return { text: `${m.number} 的提醒已勾掉` };
    });
  }

  async function remindOn(id: string, day: string, text: string): Promise<void> {
    await unwrap(api.PUT("/api/v1/submissions/{id}/reminder", { params: { path: { id } }, body: { day, ...(text ? { text } : {}) } }));
  }
  const remind = (m: Item, d: Day): Promise<void> => run(async () => (await remindOn(m.id, d.day, m.reminder ?? ""), { text: `${m.number} ${d.name}（${date(d.day)}）再提醒您` }));

  /** Asks whoever owes the next step of a matter to hurry. */
  function nudge(m: Item): Promise<void> {
    return run(async () => {
      const n = await unwrap(api.POST("/api/v1/submissions/{id}/nudge", { params: { path: { id: m.id } } }));
      return { text: `${m.number} ${n.nudged ? nudgedWords(n.nudged) : "已催"}` };
    });
  }

  function followedUp(m: Item, result: string): Promise<void> {
    return run(() => Promise.resolve({ text: `${m.number} 已回访：${result}` }));
  }

  async function undo(): Promise<void> {
    const last = done.value;
    if (!last?.undo) return;
    done.value = null;
    await run(async () => {
      await last.undo?.();
      return { text: "已撤销" };
    });
  }

  return { now, groups, total, rows, current, at, done, untold, load, reloadSoon, focus, step, propose, assigned, snooze, wake, markTold, tickOff, remind, nudge, followedUp, undo };
}

export type Inbox = ReturnType<typeof useInbox>;
