import { Files } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  {
    path: "/matters", name: "matters", component: () => import("./Matters.vue"), meta: { title: "诉求", icon: Files, order: 20 },
    // The list stays while its matters are worked through one after the other.
    children: [{ path: ":id", name: "matter", component: () => import("@/pages/matter/Matter.vue"), meta: { title: "诉求" } }],
  },
] satisfies RouteRecordRaw[];
