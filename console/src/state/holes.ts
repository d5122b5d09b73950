import { onBeforeUnmount, ref } from "vue";
import { api, unwrap, type Schemas } from "@/api/client";
import { useLive, type News } from "./live";
import { hasRole } from "./session";

/** At most one request in this time, in milliseconds. */
const pause = 5_000;

/** How many of the coming reception days lack something, for the menu. */
export const holes = ref(0);

/** Takes the number from a plan of the coming weeks that a page has loaded. */
export function takeHoles(plan: Schemas["ReceptionPlan"]): void {
  holes.value = plan.items.filter((d) => d.hole.open).length;
}

/** Reports whether news speak of reception days; after a gap they may. */
export function concernsDays(news: News): boolean {
  return news.gap || (news.documents ?? []).some((d) => d.startsWith("day/"));
}

/** Follows the number while the component is mounted. */
export function useHoles(): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function load(): Promise<void> {
    if (!hasRole("liaison")) return;
    try {
      takeHoles(await unwrap(api.GET("/api/v1/reception/days", { params: { query: {} } })));
    } catch {
      // The menu keeps the former number; the page itself shows the failure.
    }
  }
  useLive((news) => {
    if (!concernsDays(news) || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void load();
    }, pause);
  });
  onBeforeUnmount(() => clearTimeout(timer));
  return load;
}
