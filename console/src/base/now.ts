import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";

/** How often what is said of a time is said anew, in milliseconds. */
const every = 15_000;

/** The present time while the component is shown. It follows the clock, also after the computer slept. */
export function useNow(): Ref<Date> {
  const now = ref(new Date());
  let clock: ReturnType<typeof setInterval> | undefined;
  onMounted(() => (clock = setInterval(() => (now.value = new Date()), every)));
  onBeforeUnmount(() => clearInterval(clock));
  return now;
}
