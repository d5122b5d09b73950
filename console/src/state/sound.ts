import { ref, watch } from "vue";

const kept = "mashang.console.sound";

/** Whether a short tone says that something came. Off until somebody wants it. */
export const sound = ref(localStorage.getItem(kept) === "1");
watch(sound, (on) => localStorage.setItem(kept, on ? "1" : "0"));

let context: AudioContext | null = null;

/** Two short tones, if they are wanted and the browser lets the page make any. */
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
