package record

import "mashang/domain/casework"

// JobState is how far a job has come.
type JobState string

// The states of a job. The last four are ends.
const (
	JobQueued    JobState = "queued"
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
	// JobLost is one whose process ended under it.
	JobLost JobState = "lost"
)

// Ended reports whether nothing more becomes of it.
func (s JobState) Ended() bool { return s != JobQueued && s != JobRunning }

// JobGap is a part that a job left out. Message is Chinese, names the part and says
// what to do.
type JobGap struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Job is work that takes longer than somebody should wait for an answer, and
// what became of it.
type Job struct {
	ID      string `json:"id"`
	Station string `json:"st"`
	// Person began it; it is nobody else's.
	Person string   `json:"by"`
	Kind   string   `json:"kind"`
	State  JobState `json:"state"`
	// Done of Total parts are finished; Total is 0 while nobody knows.
	Done  int `json:"done,omitempty"`
	Total int `json:"total,omitempty"`
	// Error is Chinese and says what to do, "" unless it failed or was lost.
	Error string `json:"error,omitempty"`
	// Name, Type and Size (bytes) are of the file it made, "" before.
	Name string `json:"name,omitempty"`
	Type string `json:"type,omitempty"`
	Size int    `json:"size,omitempty"`
	// LeftOut is what the file lacks, and why; the rest was made.
	LeftOut []JobGap `json:"left_out,omitempty"`
	// HeartbeatAt is when its process was last heard of.
	Made        casework.Millis `json:"made"`
	HeartbeatAt casework.Millis `json:"beat"`
	Ended       casework.Millis `json:"ended,omitempty"`
}
