/** A phone without behaviour. A test sets the parts that it needs. */
export * from "../src/platform/types";

export const phone = {
  upload: (_local: string): Promise<string> => Promise.reject(new Error("no upload was expected")),
  code: "",
  back: undefined as { code: string; state: string } | undefined,
  left: "",
  language: "zh-CN",
  /** The files it keeps, by name. */
  files: new Map<string, string>(),
  full: false,
};

export const phoneOwner = "";
export function upload(local: string): { done: Promise<string>; stop: () => void } {
  return { done: phone.upload(local), stop: () => undefined };
}
export function language(): string {
  return phone.language;
}
export function languageAsked(): string {
  return "";
}
export function keepFile(local: string): Promise<string> {
  if (phone.full) return Promise.resolve("");
  phone.files.set(`file-${local}`, local);
  return Promise.resolve(`file-${local}`);
}
export function openFile(name: string): Promise<string> {
  return Promise.resolve(phone.files.get(name) ?? "");
}
export function dropFiles(names: string[]): Promise<void> {
  names.forEach((n) => phone.files.delete(n));
  return Promise.resolve();
}
export function sweepFiles(used: Set<string>, _age?: number): Promise<void> {
  return dropFiles([...phone.files.keys()].filter((n) => !used.has(n)));
}
export function setLanguage(): void {
  return undefined;
}
export function loginCode(): Promise<string> {
  return Promise.resolve(phone.code);
}
export function cameBack(): { code: string; state: string } | undefined {
  return phone.back;
}
export function leaveFor(address: string): void {
  phone.left = address;
}
