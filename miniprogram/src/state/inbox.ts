import { computed, ref, watch } from "vue";
import { call, caller, type Schemas } from "@/api/client";
import { account } from "./session";

/**
 * How much waits for the user, for the tabs and lists of all pages. It is asked for
 * every few seconds while the app is shown. It costs the server two or three reads, and a list is read
 * again only when `place` moves.
 */
export const summary = ref<Schemas["InboxSummary"]>();

/** The time between two questions, in milliseconds. */
const interval = 15_000;

/** Reports whether submissions wait for the user's role: members, departments, the liaison. */
export const hasInbox = computed(() => ["member", "department", "liaison"].includes(account.value?.role ?? ""));

/** What is to be done at once, for the tab. */
export const todo = computed(() => (summary.value ? summary.value.todo + summary.value.assists + summary.value.alarms : 0));

let timer: ReturnType<typeof setInterval> | undefined;

/** Asks once. A failure leaves the counts as they were: the pages say themselves that they are offline. */
export async function askSummary(): Promise<void> {
  if (!hasInbox.value) {
    summary.value = undefined;
    return;
  }
  if (!caller.token) return; // the session ended: what is shown stays
  const user = account.value?.id;
  try {
    const fresh = await call("get", "/api/v1/inbox/summary");
    if (account.value?.id === user) summary.value = fresh; // else somebody else logged in meanwhile
  } catch {
    // The next question comes soon.
  }
}

export function startInbox(): void {
  void askSummary();
  timer ??= setInterval(() => void askSummary(), interval);
}

export function stopInbox(): void {
  if (timer) clearInterval(timer);
  timer = undefined;
}

watch(
  () => account.value?.id,
  () => {
    summary.value = undefined;
    if (timer) void askSummary();
  },
);
