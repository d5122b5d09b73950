export interface Taken {
  what: string;
  by: string;
  why: string;
}
export function taken(folder: string): Taken[];
export function table(list: Taken[]): string;
export const marks: { begin: string; end: string };
