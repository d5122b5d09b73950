import { flushPromises, mount } from "@vue/test-utils";
import ElementPlus from "element-plus";
import { expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import MatterTable from "@/pages/matters/MatterTable.vue";
import type { Row } from "@/pages/matters/words";

const rows = Array.from({ length: 101 }, (_, i) => ({
  id: `s-${i}`, number: `261201-${i}`, text: "路灯坏了", kind_name: "投诉", state: "accepted", state_name: "办理中", flags: [], filed_at: "2026-12-01T01:00:00Z", due_at: "2026-12-08T01:00:00Z", target: { name: "渡口" },
})) as unknown as Row[];

it("shows in the box of the head what is selected, also where not all can be", async () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/matters", name: "matters", component: {} }, { path: "/matters/:id", name: "matter", component: {} }] });
  await router.push("/matters");
  const w = mount(MatterTable, { props: { rows, selected: new Set<string>(), now: new Date(), at: "" }, global: { plugins: [ElementPlus, router] } });
  const box = w.get<HTMLInputElement>("thead input");
  const seen = (): boolean[] => [box.element.checked, box.element.indeterminate];

  // The page refuses more than a hundred, and the box follows it.
  await box.setValue(true);
  await flushPromises();
  expect(w.emitted("selectAll")).toEqual([[true]]);
  expect(seen()).toEqual([false, false]);
  await w.setProps({ selected: new Set(rows.slice(0, 100).map((r) => r.id)) });
  expect(seen()).toEqual([true, false]);
  await box.setValue(false);
  await flushPromises();
  expect(w.emitted("selectAll")).toEqual([[true], [false]]);
  await w.setProps({ selected: new Set(["s-3"]) });
  expect(seen()).toEqual([false, true]);
});
