/** A point of the earth in one of the two systems that phones give in China. */
export interface Coord {
  lat: number;
  lng: number;
  coord: "gcj02" | "wgs84";
}

const axis = 6_378_245;
const eccentricity = 0.006_693_421_622_965_943;

/** Returns by how much maps in China move a point of GPS, in degrees; the approximation that is in common use. */
function shift(lat: number, lng: number): { lat: number; lng: number } {
  const x = lng - 105;
  const y = lat - 35;
  const { PI, sin, cos, sqrt, abs } = Math;
  const waves = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    + ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 + ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    + ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 + ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const angle = (lat / 180) * PI;
  const magic = 1 - eccentricity * sin(angle) ** 2;
  return {
    lat: (north * 180) / (((axis * (1 - eccentricity)) / (magic * sqrt(magic))) * PI),
    lng: (east * 180) / ((axis / sqrt(magic)) * cos(angle) * PI),
  };
}

/** Returns the point as the maps of China want it (GCJ-02). */
export function forMaps(p: Coord): { lat: number; lng: number } {
  if (p.coord === "gcj02") return { lat: p.lat, lng: p.lng };
  const d = shift(p.lat, p.lng);
  return { lat: p.lat + d.lat, lng: p.lng + d.lng };
}

/** Returns the point as GPS has it (WGS 84), right to a metre. */
export function forGPS(p: Coord): { lat: number; lng: number } {
  if (p.coord === "wgs84") return { lat: p.lat, lng: p.lng };
  let { lat, lng } = p;
  for (let i = 0; i < 3; i++) {
    const d = shift(lat, lng);
    lat = p.lat - d.lat;
    lng = p.lng - d.lng;
  }
  return { lat, lng };
}
