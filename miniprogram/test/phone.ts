/** A phone that does nothing by itself: what a test needs of it, it sets. */
export * from "../src/platform/types";

export const phone = {
  upload: (_local: string): Promise<string> => Promise.reject(new Error("no upload was expected")),
};

export function upload(local: string): { done: Promise<string>; stop: () => void } {
  return { done: phone.upload(local), stop: () => undefined };
}
export function setLanguage(): void {
  return undefined;
}
