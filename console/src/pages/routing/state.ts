import { computed, inject, type ComputedRef, type InjectionKey, provide, ref, type Ref, watch } from "vue";
import { api, Problem, unwrap } from "@/api/client";
import { useLoad, type Loading } from "@/base/load";
import { changes, draftOf, type Draft, type InForce, rulesOf } from "./rules";

/** The rules in force, and the draft that two tabs of the page edit. */
export interface RulesState {
  stored: Loading<InForce>;
  draft: Ref<Draft | null>;
  /** The changes of the draft, a sentence each. */
  changed: ComputedRef<string[]>;
  /** The server's faults, by field. */
  wrong: Ref<Record<string, string>>;
  /** The result of the last dry run of this draft; "" without one. */
  tried: Ref<string>;
  load: () => Promise<void>;
  drop: () => void;
  save: () => Promise<void>;
  undo: () => Promise<void>;
}

const key: InjectionKey<RulesState> = Symbol("rules");

export function provideRules(): RulesState {
  const stored = useLoad(() => unwrap(api.GET("/api/v1/station/rules")));
  const draft = ref<Draft | null>(null);
  const wrong = ref<Record<string, string>>({});
  const tried = ref("");
  watch(draft, () => (tried.value = ""), { deep: true });
  const changed = computed(() => (draft.value && stored.data.value ? changes(draft.value, stored.data.value) : []));
  function drop(): void {
    wrong.value = {};
    draft.value = stored.data.value ? draftOf(stored.data.value) : null;
  }
  function take(r: InForce): void {
    stored.data.value = r;
    drop();
  }
  async function load(): Promise<void> {
    await stored.load();
    drop();
  }
  async function save(): Promise<void> {
    if (!draft.value || !stored.data.value) return;
    wrong.value = {};
    try {
      take(await unwrap(api.PUT("/api/v1/station/rules", { body: rulesOf(draft.value, stored.data.value) })));
    } catch (e) {
      if (e instanceof Problem) wrong.value = e.fields;
      throw e;
    }
  }
  async function undo(): Promise<void> {
    take(await unwrap(api.POST("/api/v1/station/rules/undo", { body: { version: stored.data.value?.version ?? 0 } })));
  }
  const state = { stored, draft, changed, wrong, tried, load, drop, save, undo };
  provide(key, state);
  return state;
}

export function useRules(): RulesState {
  const state = inject(key);
  if (!state) throw new Error("no rules are provided");
  return state;
}
