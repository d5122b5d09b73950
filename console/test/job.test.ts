import { afterEach, describe, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { JobFailed } from "@/api/problem";
import { saveJobFile } from "@/base/job";

type Job = Parameters<Parameters<typeof saveJobFile>[1]>[0];

const job = (change: Partial<Job>): Job => ({ id: "j1", kind: "report", state: "queued", state_name: "排队中", done: 0, total: 0, made_at: "2026-07-01T00:00:00+08:00", ...change });

/** The server answers these, one after the other. */
function answers(...jobs: Job[]): void {
  vi.useFakeTimers();
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: jobs.shift(), response: new Response() })) as never);
}

async function saved(begin: Job): Promise<{ name: string; told: string[] }> {
  const told: string[] = [];
  const waiting = saveJobFile(Promise.resolve(begin), (j) => told.push(j.state));
  waiting.catch(() => undefined); // the caller handles the error
  await vi.runAllTimersAsync();
  return { name: await waiting, told };
}

describe("a file that is made in the background", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("is saved under its name when it is done", async () => {
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    answers(job({ state: "running" }), job({ state: "done", file: { name: "报告.pdf", type: "application/pdf", size: 9 } }));
    expect(await saved(job({}))).toEqual({ name: "报告.pdf", told: ["queued", "running", "done"] });
    expect(clicked).toHaveBeenCalledOnce();
    expect((clicked.mock.contexts[0] as HTMLAnchorElement).getAttribute("href")).toBe("/api/v1/station/jobs/j1/file");
  });

  it("is none when it was cancelled", async () => {
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click");
    answers(job({ state: "cancelled" }));
    expect((await saved(job({}))).name).toBe("");
    expect(clicked).not.toHaveBeenCalled();
  });

  it("says why there is none", async () => {
    answers(job({ state: "failed", error: "生成的文件太大" }));
    await expect(saved(job({}))).rejects.toThrow(new JobFailed("生成的文件太大"));
  });
});
