import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The people and things that the demo seeds (GET /_emulator/cast). */
export interface Cast {
  members: { id: string; openid: string; name: string; sector: string; village: string }[];
  liaisons: { id: string; openid: string; name: string }[];
  codes: { key: string; kind: string; name: string; member_openid?: string }[];
}

export interface Server {
  url: string;
  cast: Cast;
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const s = createServer();
    s.on("error", failed);
    s.listen(0, "127.0.0.1", () => {
      const address = s.address();
      s.close(() => (address && typeof address === "object" ? done(address.port) : failed(new Error("no port"))));
    });
  });
}

async function started(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + 240_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    try {
      if ((await fetch(`${url}/readyz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > until) throw new Error("the server is not ready");
    await new Promise((next) => setTimeout(next, 100));
  }
}

/** Starts the real binary on data of its own, with the made-up station. */
export async function start(): Promise<{ server: Server; stop: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), "mashang-journeys-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(resolve(process.env.E2E_BINARY ?? "../bin/mashang"), ["serve", "--demo"], {
    env: { ...process.env, MASHANG_DATA_DIR: data, MASHANG_HTTP_ADDR: `127.0.0.1:${port}`, MASHANG_LOG_LEVEL: "error", MASHANG_METRICS_ADDR: "off" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const stop = async (): Promise<void> => {
    const ended = new Promise((done) => child.once("exit", done));
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await started(url, child);
    return { server: { url, cast: (await (await fetch(`${url}/_emulator/cast`)).json()) as Cast }, stop };
  } catch (e) {
    await stop();
    throw e;
  }
}
