import * as platform from "#phone";
import { doors, worthKeeping, type Door, type Draft, type DraftPhoto, type DraftVoice } from "@/logic/draft";
import { loadValue, removeValue, saveValue, valueNames } from "./storage";

/**
 * Drafts of filings, one for each sign and way in. The words lie in the phone's storage, which takes them at once, so
 * that a page that is closed in the middle of a word loses nothing. Photos and voice lie where there is room for them:
 * in IndexedDB, or among the mini program's files.
 */

/** A draft as it is stored: without phoneCode, and its files by their names in the phone's store. */
interface StoredDraft extends Omit<Draft, "phoneCode" | "photos" | "voice"> {
  photos: StoredFile[];
  voice?: StoredFile & { seconds: number };
}

/** A file of a stored draft. One without `file` and `id` could not be kept; drafts of before have it as `local`. */
interface StoredFile {
  file?: string;
  id?: string;
  local?: string;
}

/** A draft that was read. */
export interface Loaded {
  draft: Draft;
  /** How many photos and voice messages the phone could not keep. */
  lost: number;
}

export function draftName(key: string, door: Door): string {
  return `draft.${key}.${door}`;
}

/** Drafts of before lay under the sign alone, with their photos in the text. */
function takeOver(key: string, door: Door): StoredDraft | undefined {
  const old = loadValue<StoredDraft>(`draft.${key}`);
  return old && (doors[door] as readonly string[]).includes(old.kind) ? old : undefined;
}

/** Reads the draft of a sign and a way in, with its files. */
export async function loadDraft(key: string, door: Door): Promise<Loaded | undefined> {
  const stored = loadValue<StoredDraft>(draftName(key, door)) ?? takeOver(key, door);
  if (!stored) return undefined;
  const opened = await Promise.all(stored.photos.map(openFile));
  const photos = opened.filter((p): p is DraftPhoto => p !== undefined);
  const sound = stored.voice && (await openFile(stored.voice));
  const { voice: _, ...words } = stored;
  const draft: Draft = { ...words, photos, phoneCode: "", ...(sound && stored.voice ? { voice: { ...sound, seconds: stored.voice.seconds } } : {}) };
  const lost = opened.length - photos.length + (stored.voice && !sound ? 1 : 0);
  return worthKeeping(draft) || lost ? { draft, lost } : undefined;
}

async function openFile({ file, id, local = "" }: StoredFile): Promise<DraftPhoto | undefined> {
  if (file) local = await platform.openFile(file);
  if (!local && !id) return undefined;
  return { local: local || `upload:${id}`, ...(id ? { id } : {}), ...(file && local ? { file } : {}) };
}

const stored = ({ file, id }: DraftPhoto | DraftVoice): StoredFile => ({ ...(file ? { file } : {}), ...(id ? { id } : {}) });

/** Saves the words of a draft and the names of its files; reports whether the phone took them. */
export function saveDraft(door: Door, d: Draft): boolean {
  const { photos, voice, phoneCode: _, ...words } = d;
  const value: StoredDraft = {
    ...words, photos: photos.map(stored), savedAt: Date.now(),
    ...(voice ? { voice: { ...stored(voice), seconds: voice.seconds } } : {}),
  };
  const ok = saveValue(draftName(d.scene, door), value);
  // What lay there before is now here. Its photos are stored as files first.
  if (ok && [...photos, ...(voice ? [voice] : [])].every((f) => f.file || f.id) && takeOver(d.scene, door)) removeValue(`draft.${d.scene}`);
  return ok;
}

/**
 * Stores the files of a draft that are not stored yet. `put` gets each with its name in the phone's store, "" if the
 * phone has no room for it.
 */
export async function keepFiles(d: Draft, put: (local: string, file: string) => void): Promise<void> {
  const files = [...d.photos, ...(d.voice ? [d.voice] : [])].filter((f) => !f.file && !f.unkept && !f.local.startsWith("upload:"));
  for (const f of files) put(f.local, await platform.keepFile(f.local));
}

/** Returns the draft with a file's name in the phone's store. */
export function withFile(d: Draft, local: string, file: string): Draft {
  const mark = file ? { file } : { unkept: true };
  const voice = d.voice?.local === local ? { ...d.voice, ...mark } : d.voice;
  return { ...d, photos: d.photos.map((p) => (p.local === local ? { ...p, ...mark } : p)), ...(voice ? { voice } : {}) };
}

/** The numbers of the photos, from 1, that would be gone with the page: neither kept nor sent. */
export function unkeptPhotos(d: Draft): number[] {
  return d.photos.flatMap((p, i) => (p.unkept && !p.id ? [i + 1] : []));
}

/** Whether anything of a draft would be gone with the page. */
export function wouldLose(d: Draft): boolean {
  return unkeptPhotos(d).length > 0 || (!!d.voice?.unkept && !d.voice.id);
}

/** Removes the words of a draft. */
export function forgetDraft(door: Door, d: Draft): void {
  removeValue(draftName(d.scene, door));
  if (takeOver(d.scene, door)) removeValue(`draft.${d.scene}`);
}

/** Removes a draft and its files. */
export async function removeDraft(door: Door, d: Draft): Promise<void> {
  forgetDraft(door, d);
  await platform.dropFiles([...d.photos, ...(d.voice ? [d.voice] : [])].flatMap((f) => (f.file ? [f.file] : [])));
}

/** Removes files that belong to no draft any more, such as those of removed photos. */
export async function sweepFiles(): Promise<void> {
  const names = valueNames();
  if (!names) return; // then every file may be used
  const used = names.filter((n) => n.startsWith("draft.")).flatMap((n) => {
    const d = loadValue<StoredDraft>(n);
    return d ? [...d.photos, ...(d.voice ? [d.voice] : [])].flatMap((f) => (f.file ? [f.file] : [])) : [];
  });
  await platform.sweepFiles(new Set(used));
}
