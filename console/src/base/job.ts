import { api, type Schemas, unwrap } from "@/api/client";
import { JobFailed } from "@/api/problem";
import { saveAddress } from "./save";

type Job = Schemas["Job"];

const pollInterval = 600; // milliseconds

/**
 * Waits until a job ends and saves its file. progress is called with each state of the job.
 * Returns the file's name, or "" if the job was cancelled; throws JobFailed if it failed.
 */
export async function saveJobFile(started: Promise<Job>, progress: (j: Job) => void): Promise<string> {
  let job = await started;
  progress(job);
  while (job.state === "queued" || job.state === "running") {
    await new Promise((next) => setTimeout(next, pollInterval));
    job = await unwrap(api.GET("/api/v1/station/jobs/{id}", { params: { path: { id: job.id } } }));
    progress(job);
  }
  if (job.state === "cancelled") return "";
  if (!job.file) throw new JobFailed(job.error ?? "没有做成，请再试一次");
  saveAddress(`/api/v1/station/jobs/${encodeURIComponent(job.id)}/file`, job.file.name);
  return job.file.name;
}
