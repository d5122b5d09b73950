import { DataLine } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/figures", component: () => import("./Figures.vue"), meta: { title: "数据", icon: DataLine, order: 60, roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
