import { onBeforeUnmount, ref, type Ref } from "vue";

/** Follows a media query, as "(min-width: 1280px)". */
export function useMedia(query: string): Ref<boolean> {
  const list = matchMedia(query);
  const fits = ref(list.matches);
  const change = (): void => void (fits.value = list.matches);
  list.addEventListener("change", change);
  onBeforeUnmount(() => list.removeEventListener("change", change));
  return fits;
}
