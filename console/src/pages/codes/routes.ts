import { Grid } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";

export default [
  { path: "/codes", component: () => import("./Codes.vue"), meta: { title: "码与码牌", icon: Grid, order: 50, roles: ["liaison", "admin"] } },
  { path: "/codes/signs", component: () => import("./Signs.vue"), meta: { title: "做码牌", roles: ["liaison", "admin"] } },
] satisfies RouteRecordRaw[];
