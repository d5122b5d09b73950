import { computed, onMounted, ref, watch } from "vue";
import { useRoute } from "vue-router";
import { api, unwrap } from "@/api/client";
import { useLoad } from "@/base/load";
import { viewers, useLive } from "@/state/live";
import { setTitle } from "@/state/title";

/** Loads the matter of the address, follows its changes, and tells other staff that it is open here. */
export function useMatter() {
  const route = useRoute();
  const id = computed(() => String(route.params.id));
  const matter = useLoad(() => unwrap(api.GET("/api/v1/submissions/{id}", { params: { path: { id: id.value } } })));
  watch(id, () => {
    matter.data.value = null;
    void matter.load();
  });
  onMounted(matter.load);
  watch(matter.data, (m) => {
    if (m) setTitle(m.number);
  });

  const changed = ref(false);
  useLive(
    (news) => {
      if (!news.gap && !news.ids.includes(id.value)) return;
      changed.value = true;
      void matter.load();
    },
    // A matter that does not exist, or was deleted, is not announced as open.
    { id: () => (matter.data.value && !matter.error.value ? matter.data.value.id : "") },
  );
  /** The names of the other staff who have the matter open. */
  const others = computed(() => viewers.value.filter((l) => l.submission === id.value && !l.self).map((l) => l.name));

  return { id, matter, changed, others };
}
