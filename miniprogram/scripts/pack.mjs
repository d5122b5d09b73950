// Makes the built client ready to be embedded: each page gets a first page of its
// own, which names at once all that the page loads; what a browser loads is packed
// once here, not at each request; and the placeholder that lets the program be
// built without the client is put back.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

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

/** Returns what the entry says that each page loads, by the page's path: pages/file/index. */
function loadedBy(entry) {
  const list = /viteFileDeps\s*=\s*(\[[^\]]*\])/.exec(entry);
  const pages = [...entry.matchAll(/import\("\.\/(pages-(\w+)-index)\.[\w-]+\.js"\)[^[]{0,80}?__vite__mapDeps\(\[([\d,]*)\]\)/g)];
  if (!list || pages.length === 0) throw new Error("the entry does not say what its pages load");
  const names = JSON.parse(list[1]);
  return new Map(pages.map(([, , page, at]) => [`pages/${page}/index`, at.split(",").map((n) => names[Number(n)])]));
}

const first = readFileSync(join(root, "index.html"), "utf8");
const entry = /src="\/m\/(assets\/index-[\w-]+\.js)"/.exec(first)?.[1];
if (!entry) throw new Error("index.html names no entry");
const base = "/m/";
for (const [page, loads] of loadedBy(readFileSync(join(root, entry), "utf8"))) {
  const links = loads
    .filter((name) => !first.includes(name))
    .map((name) => (name.endsWith(".css") ? `<link rel="stylesheet" crossorigin href="${base}${name}">` : `<link rel="modulepreload" crossorigin href="${base}${name}">`));
  mkdirSync(join(root, page, ".."), { recursive: true });
  writeFileSync(join(root, `${page}.html`), first.replace("</head>", `  ${links.join("\n    ")}\n  </head>`));
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
  if (data.length < worthIt) continue;
  writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(data)); // its best by default
}
writeFileSync(join(root, ".gitkeep"), "");
