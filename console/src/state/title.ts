import { ref, watch } from "vue";

// The title and the icon of the browser's tab. Both show that there are alarms, as
// the tab may be all that a person sees of the console.

const page = ref("");
const alarms = ref(0);

/** Sets what the page shows: its name, or the number of a matter. */
export function setTitle(name: string): void {
  page.value = name;
}

/** Sets the number of alarms that nobody has taken. */
export function setAlarmCount(n: number): void {
  alarms.value = n;
}

/** (2) 险情 · 诉求 · 码上 */
export function titleOf(name: string, n: number): string {
  return [n ? `(${n}) 险情` : "", name, "码上"].filter(Boolean).join(" · ");
}

watch(
  [page, alarms],
  ([name, n], [, before]) => {
    document.title = titleOf(name, n);
    if (Boolean(n) === Boolean(before)) return;
    document.querySelector('link[rel="icon"]')?.setAttribute("href", `${import.meta.env.BASE_URL}${n ? "icon-alarm.svg" : "icon.svg"}`);
  },
  { flush: "sync" },
);
