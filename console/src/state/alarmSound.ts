import { computed, readonly, ref, watch } from "vue";
import { isMuted, noMute, readMute, type Mute } from "./alarmMute";
import { isHeld, tabLock } from "./tabLock";

// The sound of an alarm. It differs from the chime, and goes on until it is stopped.
// It is a looped buffer, because browsers slow down the timers of hidden tabs, and
// do not freeze a tab that is audible.

const mutedKey = "mashang.console.mute";
const lockName = "mashang.console.alarmSound";
const muteMinutes = 10;
/** One round: three pairs of tones, then silence. In seconds and hertz. */
const round = { length: 4, pairs: 3, tone: 0.18, high: 988, low: 740, volume: 0.35 };

const active = ref(false);
const alarms = ref<string[]>([]);
const permitted = ref(false);
const othersSound = ref(false);
const mute = ref(readMute(localStorage.getItem(mutedKey)));
const muted = ref(false);
// Only one tab of the browser sounds.
const { held, want } = tabLock(lockName, navigator.locks);

/** Until when the alarms are muted in all tabs, or null. */
export const alarmMutedUntil = computed(() => (muted.value ? new Date(mute.value.until) : null));
/** The browser permits no sound before the person used the page, and no other tab of the console sounds. */
export const alarmSoundBlocked = computed(() => !permitted.value && !othersSound.value);
/** Whether this tab sounds now. */
export const alarmSounds = readonly(computed(() => alarms.value.length > 0 && permitted.value && held.value && !muted.value));

let context: AudioContext | null = null;
let source: AudioBufferSourceNode | null = null;
let unmuteTimer: ReturnType<typeof setTimeout> | undefined;

/** Returns one round of the sound. */
function roundOf(audio: AudioContext): AudioBuffer {
  const buffer = audio.createBuffer(1, Math.round(round.length * audio.sampleRate), audio.sampleRate);
  const data = buffer.getChannelData(0);
  const length = Math.round(round.tone * audio.sampleRate);
  for (let n = 0; n < round.pairs * 2; n += 1) {
    const pitch = n % 2 ? round.low : round.high;
    for (let i = 0; i < length; i += 1) {
      const fade = Math.min(1, i / 200, (length - i) / 200); // no clicks
      data[n * length + i] = round.volume * fade * Math.sin((2 * Math.PI * pitch * i) / audio.sampleRate);
    }
  }
  return buffer;
}

watch(
  alarmSounds,
  (on) => {
    if (!context) return;
    source?.stop();
    source = null;
    if (!on) return;
    source = context.createBufferSource();
    source.buffer = roundOf(context);
    source.loop = true;
    source.connect(context.destination);
    source.start();
  },
  { flush: "sync" },
);

// A tab without alarms, as that of the hall's screen, leaves the lock to the others.
watch([active, permitted], () => want(active.value && permitted.value), { flush: "sync" });

/** Turns the sound on after the person used the page. A browser refuses it before. */
export function permitAlarmSound(): void {
  if (!context) {
    context = new AudioContext();
    context.onstatechange = () => (permitted.value = context?.state === "running");
  }
  permitted.value = context.state === "running";
  if (!permitted.value) void context.resume();
}

let waiting = false;

/** Finds out whether another tab sounds, again after it was closed. */
async function lookForOthers(): Promise<void> {
  if (!navigator.locks || permitted.value || waiting) return;
  othersSound.value = await isHeld(lockName);
  if (!othersSound.value || waiting) return;
  waiting = true;
  await navigator.locks.request(lockName, () => undefined);
  waiting = false;
  await lookForOthers();
}
// Another tab may have been used since.
document.addEventListener("visibilitychange", () => void lookForOthers());

function updateMuted(): void {
  clearTimeout(unmuteTimer);
  const now = Date.now();
  muted.value = isMuted(mute.value, alarms.value, now);
  if (muted.value) unmuteTimer = setTimeout(updateMuted, mute.value.until - now);
}
watch([mute, alarms], updateMuted, { flush: "sync", immediate: true });

function setMute(to: Mute): void {
  localStorage.setItem(mutedKey, JSON.stringify((mute.value = to)));
}

/** Mutes the alarms that there are, for ten minutes in all tabs. One that comes later sounds. */
export function muteAlarms(): void {
  setMute({ until: Date.now() + muteMinutes * 60_000, alarms: alarms.value });
}

export function unmuteAlarms(): void {
  setMute(noMute);
}

addEventListener("storage", (e) => {
  if (e.key === mutedKey) mute.value = readMute(e.newValue);
});
// A browser that does not say whether the page was used permits the sound at the next use.
for (const use of ["click", "keydown"]) addEventListener(use, permitAlarmSound, { capture: true });
if (navigator.userActivation?.hasBeenActive) permitAlarmSound();

/** Sounds while there are alarms, each named by its key; null while the page follows no alarms. */
export function soundAlarms(of: string[] | null): void {
  active.value = of !== null;
  alarms.value = of ?? [];
  if (of) void lookForOthers();
}
