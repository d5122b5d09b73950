import { call, type Schemas } from "@/api/client";
import type { Page } from "./list";

type Submission = Schemas["Submission"];
export type Kind = Submission["kind"];
export type Role = "member" | "department" | "liaison";

/** A list of the inbox. */
export type View = "todo" | "late" | "assists" | "answered" | "owed" | "closed" | "alarms" | "pool" | "done";

/** The lists of each role, the first shown first. */
export const views: Record<Role, readonly View[]> = {
  member: ["todo", "late", "assists", "answered", "owed", "closed"],
  department: ["assists", "done"],
  liaison: ["alarms", "pool"],
};

/** Narrows a member's lists. */
export interface Narrow {
  kind: Kind | "";
  /** Looked for in number and text. */
  words: string;
}

/** Reports whether a list can be narrowed. */
export function narrows(view: View): boolean {
  return !["assists", "done", "alarms", "pool"].includes(view);
}

/** Reads a page of a list. */
export function readView(view: View, cursor: string, by: Narrow): Promise<Page<Submission>> {
  switch (view) {
    case "assists":
      return call("get", "/api/v1/assists", { query: { cursor } });
    case "done":
      return call("get", "/api/v1/assists", { query: { cursor, state: "done" } });
    case "alarms":
      return call("get", "/api/v1/station/alarms", { query: { cursor } });
    case "pool":
      return call("get", "/api/v1/pool", { query: { cursor } });
    default:
      return call("get", "/api/v1/inbox", {
        query: {
          cursor,
          ...(view === "answered" || view === "closed" ? { state: view } : {}),
          ...(view === "owed" ? { owed: true } : {}),
          ...(view === "late" ? { late: true } : {}),
          ...(by.kind ? { kind: by.kind } : {}),
          ...(by.words ? { q: by.words } : {}),
        },
      });
  }
}

/** Returns how many wait in a list, and how many of them are late; undefined where nobody counts. */
export function countOf(view: View, role: Role, n: Schemas["InboxSummary"] | undefined): { all: number; late: number } | undefined {
  if (!n) return undefined;
  switch (view) {
    case "todo":
      return { all: n.todo, late: 0 };
    case "late":
      return { all: n.late, late: n.late };
    case "assists":
      return role === "department" ? { all: n.todo, late: n.late } : { all: n.assists, late: n.assists_late };
    case "alarms":
      return { all: n.alarms, late: n.alarms };
    case "pool":
      return { all: n.todo, late: 0 };
    default:
      return undefined;
  }
}
