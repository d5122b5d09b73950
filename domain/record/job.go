package record

import "mashang/domain/casework"

// JobState is the state of a job.
type JobState string

// The states of a job. The last four are final.
const (
	JobQueued    JobState = "queued"
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
	// JobLost is a job whose process died.
	JobLost JobState = "lost"
)

// Ended reports whether the state is final.
func (s JobState) Ended() bool { return s != JobQueued && s != JobRunning }

// JobGap is a part that a job left out. Message is Chinese, names the part and says what to do.
type JobGap struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Job is work that takes too long for one request, and its result.
type Job struct {
	ID      string `json:"id"`
	Station string `json:"st"`
	// Person is who started it; only they may see it.
	Person string   `json:"by"`
	Kind   string   `json:"kind"`
	State  JobState `json:"state"`
	// Done of Total parts are finished; Total is 0 while it is unknown.
	Done  int `json:"done,omitempty"`
	Total int `json:"total,omitempty"`
	// Error is Chinese and says what to do, "" unless it failed or was lost.
	Error string `json:"error,omitempty"`
	// Name, Type and Size (bytes) are of the file that it made, "" before.
	Name string `json:"name,omitempty"`
	Type string `json:"type,omitempty"`
	Size int    `json:"size,omitempty"`
	// LeftOut is what the file lacks, and why.
	LeftOut []JobGap `json:"left_out,omitempty"`
	// HeartbeatAt is the last sign of life of its process.
	Made        casework.Millis `json:"made"`
	HeartbeatAt casework.Millis `json:"beat"`
	Ended       casework.Millis `json:"ended,omitempty"`
}
