import type { Schemas } from "@/api/client";

export type Step = Schemas["StartStep"];

/** Where each step is done. */
export const places: Record<Step["key"], { to: string; name: string }> = {
  roster: { to: "/people/import", name: "导入名册" },
  duty: { to: "/people?tab=duty", name: "排值班" },
  calendar: { to: "/routing?tab=calendar", name: "看工作日历" },
  liaison: { to: "/people/invitations", name: "发邀请码" },
  member: { to: "/people/invitations", name: "发邀请码" },
  codes: { to: "/codes", name: "码与码牌" },
  wechat: { to: "/routing?tab=templates", name: "看通知模板" },
  first: { to: "/codes/signs", name: "做码牌" },
};
