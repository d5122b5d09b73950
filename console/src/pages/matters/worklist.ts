import { computed, inject, provide, ref, watch, type InjectionKey, type Ref } from "vue";
import type { Row } from "./words";

/** The list that the open matter is worked through in. */
export interface Worklist {
  /** The position of the open matter from 1, or 0 after it left the list. */
  position: Ref<number>;
  total: Ref<number>;
  before: Ref<Row | undefined>;
  after: Ref<Row | undefined>;
  open: (row: Row) => void;
}

const key: InjectionKey<Ref<Worklist | null>> = Symbol("worklist");

/** Returns the worklist of the page above, or null for a matter that was opened by itself. */
export function useWorklist(): Ref<Worklist | null> {
  return inject(key, ref(null));
}

/** Makes the rows the worklist of the matter id. given is false while the matter is open by itself. */
export function provideWorklist(rows: Ref<Row[]>, total: Ref<number>, id: Ref<string>, given: Ref<boolean>, open: (row: Row) => void): Ref<Worklist | null> {
  const place = computed(() => rows.value.findIndex((r) => r.id === id.value));
  // An act may take the matter off the list. The next one then stands in its place.
  const last = ref(-1);
  watch([id, place], ([now], [was]) => {
    if (place.value >= 0) last.value = place.value;
    else if (now !== was) last.value = -1;
  }, { immediate: true });
  const at = (offset: number): Row | undefined => (last.value < 0 ? undefined : rows.value[last.value + offset]);
  const work: Worklist = {
    position: computed(() => place.value + 1),
    total,
    before: computed(() => at(-1)),
    after: computed(() => at(place.value < 0 ? 0 : 1)),
    open,
  };
  const shared = computed(() => (given.value ? work : null));
  provide(key, shared);
  return shared;
}
