// Makes the built console ready to be embedded: what a browser loads is packed
// once here, not at each request.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

// Smaller files fit one packet as they are.
const worthIt = 1024;

function pack(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) pack(path);
    else if (/\.(js|css|html|svg)$/.test(name)) {
      const data = readFileSync(path);
      if (data.length >= worthIt) writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
    }
  }
}

pack("dist");
