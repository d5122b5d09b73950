import { watch, type Ref } from "vue";
import * as platform from "#phone";
import type { ActInput } from "@/logic/act";
import { kindGroups, worthKeeping, type KindGroup, type Draft, type DraftPhoto, type DraftVoice } from "@/logic/draft";
import { loadValue, removeValue, saveValue, valueNames } from "./storage";

/**
 * Drafts: of filings, one for each sign and way in, and of acts, one for each user, matter and act. The words lie in the
 * phone's storage, which takes them at once, so that a page that is closed in the middle of a word loses nothing. Photos
 * and voice lie where there is room for them: in IndexedDB, or among the mini program's files.
 */

/** The part of a draft that is files. */
interface Files {
  photos: DraftPhoto[];
  voice?: DraftVoice;
}

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

export function draftName(key: string, group: KindGroup): string {
  return `draft.${key}.${group}`;
}

/** Drafts of before lay under the sign alone, with their photos in the text. */
function takeOver(key: string, group: KindGroup): StoredDraft | undefined {
  const old = loadValue<StoredDraft>(`draft.${key}`);
  return old && (kindGroups[group] as readonly string[]).includes(old.kind) ? old : undefined;
}

/** Reads the draft of a sign and a way in, with its files. */
export async function loadDraft(key: string, group: KindGroup): Promise<Loaded | undefined> {
  const stored = loadValue<StoredDraft>(draftName(key, group)) ?? takeOver(key, group);
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
export function saveDraft(group: KindGroup, d: Draft): boolean {
  const { photos, voice, phoneCode: _, ...words } = d;
  const value: StoredDraft = {
    ...words, photos: photos.map(stored), savedAt: Date.now(),
    ...(voice ? { voice: { ...stored(voice), seconds: voice.seconds } } : {}),
  };
  const ok = saveValue(draftName(d.scene, group), value);
  // What lay there before is now here. Its photos are stored as files first.
  if (ok && [...photos, ...(voice ? [voice] : [])].every((f) => f.file || f.id) && takeOver(d.scene, group)) removeValue(`draft.${d.scene}`);
  return ok;
}

/**
 * Stores the files of a draft that are not stored yet. `put` gets each with its name in the phone's store, "" if the
 * phone has no room for it.
 */
export async function keepFiles(d: Files, put: (local: string, file: string) => void): Promise<void> {
  const files = [...d.photos, ...(d.voice ? [d.voice] : [])].filter((f) => !f.file && !f.unkept && !f.local.startsWith("upload:"));
  for (const f of files) put(f.local, await platform.keepFile(f.local));
}

/** Returns the draft with a file's name in the phone's store. */
export function withFile<D extends Files>(d: D, local: string, file: string): D {
  const mark = file ? { file } : { unkept: true };
  const voice = d.voice?.local === local ? { ...d.voice, ...mark } : d.voice;
  return { ...d, photos: d.photos.map((p) => (p.local === local ? { ...p, ...mark } : p)), ...(voice ? { voice } : {}) };
}

/**
 * Stores new files of a draft as they come, one round after another, so that none is stored twice. Nothing is stored
 * until `ready`. Returns the function that begins a round.
 */
export function useKeptFiles<D extends Files>(draft: Ref<D>, ready: () => boolean): () => void {
  let keeping = Promise.resolve();
  const keep = (): void => {
    keeping = keeping.then(async () => {
      if (ready()) await keepFiles(draft.value, (local, file) => (draft.value = withFile(draft.value, local, file)));
    });
  };
  watch(() => [...draft.value.photos.map((p) => p.local), draft.value.voice?.local], keep);
  return keep;
}

/** The drafts that pages have open, by their names. */
const open = new Map<string, Ref<unknown>>();

/** Notes that a page has a draft open. Returns the function that ends it. */
export function openDraft<D>(name: string, draft: Ref<D>): () => void {
  open.set(name, draft);
  return () => {
    if (open.get(name) === draft) open.delete(name);
  };
}

/** Changes a draft, as an undo does: on the page that has it open, or where it is stored if its page was left. */
export function changeDraft<D>(name: string, draft: Ref<D>, change: (d: D) => D, save: (d: D) => void): void {
  const shown = open.get(name) as Ref<D> | undefined;
  if (shown) shown.value = change(shown.value);
  else save((draft.value = change(draft.value)));
}

/** Returns the draft with a photo where it was before it was removed. */
export function withPhoto<D extends Files>(d: D, p: DraftPhoto, index: number): D {
  return d.photos.some((x) => x.local === p.local) ? d : { ...d, photos: [...d.photos.slice(0, index), p, ...d.photos.slice(index)] };
}

/** The numbers of the photos, from 1, that would be gone with the page: neither kept nor sent. */
export function unkeptPhotos(d: Files): number[] {
  return d.photos.flatMap((p, i) => (p.unkept && !p.id ? [i + 1] : []));
}

/** Whether anything of a draft would be gone with the page. */
export function wouldLose(d: Files): boolean {
  return unkeptPhotos(d).length > 0 || (!!d.voice?.unkept && !d.voice.id);
}

/** Removes the words of a draft. */
export function forgetDraft(group: KindGroup, d: Draft): void {
  removeValue(draftName(d.scene, group));
  if (takeOver(d.scene, group)) removeValue(`draft.${d.scene}`);
}

/** Removes a draft and its files. */
export async function removeDraft(group: KindGroup, d: Draft): Promise<void> {
  forgetDraft(group, d);
  await platform.dropFiles([...d.photos, ...(d.voice ? [d.voice] : [])].flatMap((f) => (f.file ? [f.file] : [])));
}

/** The input of an act's form as it is stored. */
interface StoredAct extends Omit<ActInput, "photos"> {
  photos: StoredFile[];
  savedAt?: number;
}

/** An act's input is dropped after this time, in milliseconds: the matter has gone on without it. */
const actKept = 60 * 24 * 60 * 60 * 1000;

/** Names the act's draft of one user: who else logs in on this phone does not see it. */
export function actName(user: string, matter: string, act: string): string {
  return `act.${user}.${matter}.${act}`;
}

/** Returns the words of a stored act; undefined without one. */
export function actWords(name: string): Partial<ActInput> | undefined {
  const { photos: _, savedAt: __, ...words } = loadValue<Partial<StoredAct>>(name) ?? {};
  return Object.keys(words).length ? words : undefined;
}

/** Opens the photos of a stored act. `lost` is how many the phone could not keep. */
export async function actPhotos(name: string): Promise<{ photos: DraftPhoto[]; lost: number }> {
  const opened = await Promise.all((loadValue<Partial<StoredAct>>(name)?.photos ?? []).map(openFile));
  const photos = opened.filter((p): p is DraftPhoto => p !== undefined);
  return { photos, lost: opened.length - photos.length };
}

/** Saves an act's words and the names of its photos; reports whether the phone took them. */
export function saveAct(name: string, f: ActInput): boolean {
  return saveValue(name, { ...f, photos: f.photos.map(stored), savedAt: Date.now() } satisfies StoredAct);
}

/** Removes an act's words and photos. */
export async function removeAct(name: string, f: ActInput): Promise<void> {
  removeValue(name);
  await platform.dropFiles(f.photos.flatMap((p) => (p.file ? [p.file] : [])));
}

/** Drops acts that were given up long ago. One without a date is from an earlier version and gets one. */
function dropOldActs(names: string[], now: number): void {
  for (const name of names.filter((n) => n.startsWith("act."))) {
    const { savedAt, ...rest } = loadValue<StoredAct>(name) ?? {};
    if (savedAt === undefined) saveValue(name, { ...rest, savedAt: now });
    else if (savedAt < now - actKept) removeValue(name);
  }
}

/** Reports whether a stored value is a draft, of a filing or of an act. */
export function isDraft(name: string): boolean {
  return name.startsWith("draft.") || name.startsWith("act.");
}

/** Reports whether a stored value is a draft of this user. Filings are written before the login: they are of whoever has the phone. */
export function isDraftOf(user: string, name: string): boolean {
  return name.startsWith("draft.") || name.startsWith(`act.${user}.`);
}

/**
 * Removes files that belong to no draft any more, such as those of removed photos, and acts that were given up. Files
 * younger than `age`, in milliseconds, stay, because their draft may be about to be saved.
 */
export async function sweepFiles(now = Date.now(), age?: number): Promise<void> {
  dropOldActs(valueNames() ?? [], now);
  const names = valueNames();
  if (!names) return; // then every file may be used
  const used = names.filter(isDraft).flatMap((n) => {
    const d = loadValue<{ photos?: StoredFile[]; voice?: StoredFile }>(n);
    return d ? [...(d.photos ?? []), ...(d.voice ? [d.voice] : [])].flatMap((f) => (f.file ? [f.file] : [])) : [];
  });
  await platform.sweepFiles(new Set(used), age);
}
