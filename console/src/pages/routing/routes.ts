import { Guide } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/routing", component: () => import("./Routing.vue"), meta: { title: "分派与时限", icon: Guide, order: 70, roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
