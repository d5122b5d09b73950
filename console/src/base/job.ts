import { api, type Schemas, unwrap } from "@/api/client";
import { JobFailed } from "@/api/problem";

type Job = Schemas["Job"];

const look = 600; // milliseconds between two looks at a job

/**
 * Waits until a job has ended and lets the browser keep its file. told hears of each
 * look. Returns the file's name, "" for a job that was cancelled; throws what went wrong.
 */
export async function keep(begin: Promise<Job>, told: (j: Job) => void): Promise<string> {
  let job = await begin;
  told(job);
  while (job.state === "queued" || job.state === "running") {
    await new Promise((next) => setTimeout(next, look));
    job = await unwrap(api.GET("/api/v1/station/jobs/{id}", { params: { path: { id: job.id } } }));
    told(job);
  }
  if (job.state === "cancelled") return "";
  if (!job.file) throw new JobFailed(job.error ?? "没有做成，请再试一次");
  const a = document.createElement("a");
  [a.href, a.download] = [`/api/v1/station/jobs/${encodeURIComponent(job.id)}/file`, job.file.name];
  a.click();
  return job.file.name;
}
