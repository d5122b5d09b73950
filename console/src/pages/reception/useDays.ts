import { computed, ref, watch } from "vue";
import { useRoute, useRouter, type LocationQueryValue } from "vue-router";
import { api, unwrap } from "@/api/client";
import { useLoad } from "@/base/load";
import { dayAhead, mondayOf, shiftDay } from "@/base/time";
import { concernsDays, takeHoles } from "@/state/holes";
import { useLive } from "@/state/live";
import { placesOf, weeksOf, weeksShown, type Day } from "./days";

/** News in this time are one reload, in milliseconds. */
const reloadDelay = 600;

const one = (v: LocationQueryValue | LocationQueryValue[] | undefined): string => String((Array.isArray(v) ? v[0] : v) ?? "");

/** The plan that the page shows. What is shown of it stands in the address. */
export function useDays() {
  const route = useRoute();
  const router = useRouter();
  const today = (): string => dayAhead(0);
  const query = (key: string): string => one(route.query[key]);
  function ask(change: Record<string, string>): void {
    const next = { ...route.query, ...change };
    void router.replace({ query: Object.fromEntries(Object.entries(next).filter(([, v]) => v)) });
  }

  const from = computed(() => (/^\d{4}-\d{2}-\d{2}$/.test(query("from")) ? query("from") : mondayOf(today())));
  const to = computed(() => shiftDay(from.value, weeksShown * 7 - 1));
  const place = computed({ get: () => query("place"), set: (v) => ask({ place: v }) });
  const lacking = computed({ get: () => query("lack") === "1", set: (v) => ask({ lack: v ? "1" : "" }) });
  const dayID = computed({ get: () => query("day"), set: (v) => ask({ day: v }) });

  const plan = useLoad(() => unwrap(api.GET("/api/v1/reception/days", { params: { query: { from: from.value, to: to.value } } })));
  const isNow = computed(() => from.value === mondayOf(today()));
  async function load(): Promise<void> {
    await plan.load();
    if (plan.data.value && isNow.value) takeHoles(plan.data.value);
  }
  watch(from, load, { immediate: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  useLive((news) => {
    if (!concernsDays(news)) return;
    clearTimeout(timer);
    timer = setTimeout(load, reloadDelay);
  });

  const days = computed(() => plan.data.value?.items ?? []);
  const stray = computed(() => days.value.filter((d) => d.stray));
  const places = computed(() => placesOf(days.value));
  const weeks = computed(() => (plan.data.value ? weeksOf(plan.data.value, { place: place.value, lacking: lacking.value }, today()) : []));

  // The open day is kept while another span is looked at.
  const kept = ref<Day | null>(null);
  watch([dayID, days], () => {
    kept.value = dayID.value ? (days.value.find((d) => d.id === dayID.value) ?? (kept.value?.id === dayID.value ? kept.value : null)) : null;
  }, { immediate: true });

  /** Puts the answer of an act into the plan, and loads what else changed by it. */
  function take(d: Day): void {
    if (plan.data.value) plan.data.value = { ...plan.data.value, items: plan.data.value.items.map((x) => (x.id === d.id ? d : x)) };
    if (kept.value?.id === d.id) kept.value = d;
    void load();
  }

  /** Shows earlier or later weeks; 0 goes back to now. */
  function shift(weeks: number): void {
    ask({ from: weeks === 0 ? "" : shiftDay(from.value, weeks * 7) });
  }

  return { plan, load, take, shift, from, to, isNow, place, lacking, dayID, open: kept, days, stray, places, weeks };
}

export type Days = ReturnType<typeof useDays>;
