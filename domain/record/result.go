package record

import "mashang/domain/station"

// Result is the public result of a closed submission in the liaison's words. It contains none of the visitor's
// words.
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
