/** How a photo lies on the screen: its scale, and how far its centre is from the screen's, in pixels. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The whole photo. */
export const unzoomed: Zoom = { scale: 1, x: 0, y: 0 };

/** The scale of a double tap; enough to read a receipt. */
export const closer = 2.5;

const mostScale = 6;

/** Keeps a photo over the screen: no edge comes further in than the screen's. */
export function clamped(z: Zoom, screen: Size): Zoom {
  const scale = Math.min(mostScale, Math.max(1, z.scale));
  const across = (screen.width * (scale - 1)) / 2;
  const down = (screen.height * (scale - 1)) / 2;
  return { scale, x: Math.min(across, Math.max(-across, z.x)), y: Math.min(down, Math.max(-down, z.y)) };
}

/** Scales a photo by a factor; the point (x, y), measured from the screen's centre, stays where it is. */
export function scaledAt(z: Zoom, factor: number, x: number, y: number, screen: Size): Zoom {
  const scale = Math.min(mostScale, Math.max(1, z.scale * factor));
  const k = scale / z.scale;
  return clamped({ scale, x: x - (x - z.x) * k, y: y - (y - z.y) * k }, screen);
}

/** Returns 1 for a swipe to the next photo, -1 for one to the former, 0 for none. A fast one may be short. */
export function swiped(dx: number, milliseconds: number, width: number): -1 | 0 | 1 {
  const far = Math.abs(dx) > width / 4 || (Math.abs(dx) > 30 && milliseconds < 250);
  return !far ? 0 : dx < 0 ? 1 : -1;
}
