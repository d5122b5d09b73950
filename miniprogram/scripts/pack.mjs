// Makes the built client ready to be embedded: what a browser loads is packed
// once here, not at each request; and the placeholder that lets the program be
// built without the client is put back.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const root = "dist/build/h5";
// Smaller files fit one packet as they are.
const worthIt = 1024;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

for (const path of files(root)) {
  if (!/\.(js|css|html|json|svg)$/.test(path)) continue;
  let data = readFileSync(path);
  if (path.endsWith(".css")) {
    // The framework's style names pictures on a foreign host; no phone of ours asks there.
    const text = data.toString("utf8").replace(/url\((["']?)https?:\/\/[^)]*\1\)/g, "none");
    data = Buffer.from(text);
    writeFileSync(path, data);
  }
  if (data.length >= worthIt) writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
}
writeFileSync(join(root, ".gitkeep"), "");
