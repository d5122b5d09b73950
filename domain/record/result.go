package record

import "mashang/domain/station"

// Result is what became of a closed submission, in the liaison's words, for
// everybody to read. None of the visitor's words are in it.
type Result struct {
	Submission string         `json:"-"`
	Title      string         `json:"h"`
	Text       string         `json:"x"`
	Category   string         `json:"c,omitempty"`
	Outcome    string         `json:"o"`
	Target     station.Target `json:"g"`
	Member     string         `json:"m,omitempty"`
	ClosedAt   int64          `json:"t"`
}
