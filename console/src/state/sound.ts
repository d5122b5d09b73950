import { ref, watch } from "vue";

const storageKey = "mashang.console.sound";

/** Whether a tone announces new matters. It is off until the user turns it on. */
export const sound = ref(localStorage.getItem(storageKey) === "1");
watch(sound, (on) => localStorage.setItem(storageKey, on ? "1" : "0"));

let context: AudioContext | null = null;

/** Plays two short tones, if they are on and the browser permits sound. */
export function chime(): void {
  if (!sound.value) return;
  context ??= new AudioContext();
  const start = context.currentTime;
  [880, 1175].forEach((pitch, i) => {
    const tone = context!.createOscillator();
    const volume = context!.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, start + i * 0.16);
    volume.gain.exponentialRampToValueAtTime(0.001, start + i * 0.16 + 0.15);
    tone.connect(volume).connect(context!.destination);
    tone.start(start + i * 0.16);
    tone.stop(start + i * 0.16 + 0.15);
  });
}
