import { User } from "@element-plus/icons-vue";
import type { RouteRecordRaw } from "vue-router";
import type { Role } from "@/state/session";

const roles: Role[] = ["liaison", "admin"];

export default [
  { path: "/people", component: () => import("./People.vue"), meta: { title: "名册", icon: User, order: 40, roles } },
  { path: "/people/import", component: () => import("./ImportRoster.vue"), meta: { title: "导入名册", roles } },
  { path: "/people/invitations", component: () => import("./Invitations.vue"), meta: { title: "发邀请码", roles } },
  { path: "/people/members/:id", component: () => import("./MemberPage.vue"), meta: { title: "委员", roles } },
] satisfies RouteRecordRaw[];
