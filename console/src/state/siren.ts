import { computed, readonly, ref, watch } from "vue";

// The sound of an alarm. It differs from the chime, and goes on until it is stopped.
// It is a looped buffer, because browsers slow down the timers of hidden tabs, and
// do not freeze a tab that is audible.

const mutedKey = "mashang.console.mutedUntil";
const lockName = "mashang.console.siren";
const muteMinutes = 10;
/** One round: three pairs of tones, then silence. In seconds and hertz. */
const round = { length: 4, pairs: 3, tone: 0.18, high: 988, low: 740, volume: 0.35 };

const wanted = ref(false);
const permitted = ref(false);
const chosen = ref(false);
const othersSound = ref(false);
const mutedUntil = ref(Number(localStorage.getItem(mutedKey)) || 0);
const muted = ref(false);

/** Until when the alarms are muted in all tabs, or null. */
export const sirenMutedUntil = computed(() => (muted.value ? new Date(mutedUntil.value) : null));
/** The browser permits no sound before the person used the page, and no other tab of the console sounds. */
export const sirenBlocked = computed(() => !permitted.value && !othersSound.value);
/** Whether this tab sounds now. */
export const sirenSounds = readonly(computed(() => wanted.value && permitted.value && chosen.value && !muted.value));

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
  sirenSounds,
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

/** Only one tab of the browser sounds: the one that holds the lock. Without locks each does. */
function choose(): void {
  if (!navigator.locks) {
    chosen.value = true;
    return;
  }
  void navigator.locks.request(lockName, () => {
    chosen.value = true;
    return new Promise(() => undefined); // until the tab is closed
  });
}

/** Turns the sound on after the person used the page. A browser refuses it before. */
export function permitSiren(): void {
  if (!context) {
    context = new AudioContext();
    context.onstatechange = () => (permitted.value = context?.state === "running");
    choose();
  }
  permitted.value = context.state === "running";
  if (!permitted.value) void context.resume();
}

async function lookForOthers(): Promise<void> {
  if (!navigator.locks || permitted.value) return;
  othersSound.value = ((await navigator.locks.query()).held ?? []).some((l) => l.name === lockName);
}

function updateMuted(): void {
  clearTimeout(unmuteTimer);
  const left = mutedUntil.value - Date.now();
  muted.value = left > 0;
  if (muted.value) unmuteTimer = setTimeout(updateMuted, left);
}
updateMuted();

function muteUntil(at: number): void {
  localStorage.setItem(mutedKey, String((mutedUntil.value = at)));
  updateMuted();
}

/** Mutes the alarms for ten minutes in all tabs. */
export function muteSiren(): void {
  muteUntil(Date.now() + muteMinutes * 60_000);
}

export function unmuteSiren(): void {
  muteUntil(0);
}

addEventListener("storage", (e) => {
  if (e.key !== mutedKey) return;
  mutedUntil.value = Number(e.newValue) || 0;
  updateMuted();
});
// A browser that does not say whether the page was used permits the sound at the next use.
for (const use of ["click", "keydown"]) addEventListener(use, permitSiren, { capture: true });
if (navigator.userActivation?.hasBeenActive) permitSiren();

/** Sounds while there are alarms. */
export function soundSiren(on: boolean): void {
  wanted.value = on;
  void lookForOthers();
}
