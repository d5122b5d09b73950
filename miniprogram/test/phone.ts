/** A phone without behaviour. A test sets the parts that it needs. */
export * from "../src/platform/types";

export const phone = {
  upload: (_local: string): Promise<string> => Promise.reject(new Error("no upload was expected")),
  code: "",
  back: undefined as { code: string; state: string } | undefined,
  left: "",
};

export function upload(local: string): { done: Promise<string>; stop: () => void } {
  return { done: phone.upload(local), stop: () => undefined };
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
