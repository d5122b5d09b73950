import { api, unwrap, type Schemas } from "@/api/client";
import { present } from "@/base/assign";

type Matter = Schemas["Submission"];

// The requests of a liaison's acts. Most return the changed matter.

const path = (m: Pick<Matter, "id">): { path: { id: string } } => ({ path: { id: m.id } });

export type Outcome = Schemas["Closing"]["outcome"];

/** The outcomes to choose from. Those with unworked also end a matter on which nobody has worked (docs/api.md, Acts). */
export const outcomes: { value: Outcome; name: string; hint: string; unworked?: boolean }[] = [
  { value: "solved", name: "已解决", hint: "问题办好了" },
  { value: "agreed", name: "商定待落实", hint: "说好了怎么办、谁来办，约定落实的日期" },
  { value: "explained", name: "解释说明", hint: "讲清了政策或原因，群众了解", unworked: true },
  { value: "referred", name: "移交有关部门", hint: "依法由别的部门继续办", unworked: true },
  { value: "impossible", name: "确实办不了", hint: "写明为什么，可以找谁" },
  { value: "invalid", name: "不予受理", hint: "垃圾、试填或辱骂，不是诉求", unworked: true },
];

export type Closing = Omit<Schemas["Closing"], "version" | "without" | "$schema">;

export function close(m: Pick<Matter, "id" | "version" | "assists">, closing: Closing): Promise<Matter> {
  const waiting = (m.assists ?? []).some((a) => a.state === "asked");
  return unwrap(api.POST("/api/v1/submissions/{id}/close", { params: path(m), body: { version: m.version, ...closing, ...(waiting ? { without: true } : {}) } }));
}

/** Uploads a photo. The act then names its id. */
export function upload(photo: File): Promise<Schemas["Upload"]> {
  const form = new FormData();
  form.append("file", photo);
  return unwrap(api.POST("/api/v1/uploads", { body: form as unknown as { file: string }, bodySerializer: (b: unknown) => b as FormData }));
}

/** Reports that an agreement is carried out. photos may be empty. */
export function fulfil(m: Matter, text: string, photos: string[]): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/fulfil", { params: path(m), body: { version: m.version, text, photos } }));
}

/** Moves the day by which an agreement is to be carried out. */
export function redate(m: Matter, promised: string, reason: string): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/promise", { params: path(m), body: { version: m.version, promised, reason } }));
}

/** The server takes at most so many working days. */
export const maxExtension = 10;

export function extend(m: Matter, days: number, reason: string): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/extend", { params: path(m), body: { version: m.version, days, reason } }));
}

/** Lets m go on with the matter into. */
export function merge(m: Pick<Matter, "id" | "version">, into: string, reason: string): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/merge", { params: path(m), body: { version: m.version, into, reason } }));
}

/** Lets the matter other go on with m, and returns m. */
export async function gather(m: Matter, other: string, reason: string): Promise<Matter> {
  await merge(await present(other), m.id, reason);
  return present(m.id);
}

export function split(m: Matter, reason: string): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/split", { params: path(m), body: { version: m.version, reason } }));
}

export interface AssistRequest {
  department?: string;
  member?: string;
  days: number;
  contact: boolean;
}

export function assist(m: Matter, whom: AssistRequest, text: string): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/assist", { params: path(m), body: { version: m.version, ...whom, text } }));
}

export function recall(m: Matter, assist: number, reason: string): Promise<Matter> {
  return unwrap(api.POST("/api/v1/submissions/{id}/recall", { params: path(m), body: { version: m.version, assist, reason } }));
}

export async function dossier(m: Matter, reason: string, contacts: boolean): Promise<Blob> {
  return unwrap(api.POST("/api/v1/submissions/{id}/dossier", { params: path(m), body: { reason, contacts }, parseAs: "blob" })) as unknown as Promise<Blob>;
}

/** Reads what a printed worksheet has beside the matter. */
export function readSheet(id: string): Promise<Schemas["Worksheet"]> {
  return unwrap(api.GET("/api/v1/submissions/{id}/worksheet", { params: { path: { id } } }));
}

/** Shows a photo to all who may see the matter, or hides it. */
export async function judgePhoto(photo: string, show: boolean, reason: string): Promise<void> {
  await unwrap(api.POST("/api/v1/uploads/{id}/verdict", { params: { path: { id: photo } }, body: { show, reason } }));
}

export async function publish(m: Matter, title: string, text: string): Promise<void> {
  await unwrap(api.PUT("/api/v1/submissions/{id}/result", { params: path(m), body: { title, text } }));
}
