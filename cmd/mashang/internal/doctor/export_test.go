package doctor

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"mashang/cmd/mashang/internal/config"
	"mashang/desk/overview"
	"mashang/miniprogram"
)

// What tests from outside see of the doctor.
type (
	Fitting = templateMatch
)

var (
	FitTo    = matchFields
	Trouble  = describeNetError
	Declared = miniprogram.Privacy()
	Stands   = compatibleTypes
)

// Checkup examines the platform's side alone.
type Checkup struct {
	Config  config.Config
	Account Account
	Key     string
	// Web reaches the public address; nil takes the doctor's own way.
	Web http.RoundTripper
	// Slow is how long an answer to a push may take; a second when zero.
	Slow time.Duration
}

func (c Checkup) made(out io.Writer) *Platform {
	made := New(&Findings{Out: out}, c.Config, c.Account, c.Key)
	if c.Web != nil {
		made.web.Transport = c.Web
	}
	if c.Slow != 0 {
		made.slow = c.Slow
	}
	return made
}

// Run examines and returns how much is wrong.
func (c Checkup) Run(ctx context.Context, out io.Writer) (bad, warned int) {
	made := c.made(out)
	made.Run(ctx)
	return made.Count(overview.Bad), made.Count(overview.Warning)
}

// Skew is how far our clock is from the platform's.
func (c Checkup) Skew(ctx context.Context) (time.Duration, error) {
	made := c.made(io.Discard)
	defer made.web.CloseIdleConnections()
	return made.skew(ctx)
}

// KnownCodes are the platform's errcodes that the doctor has words for.
func KnownCodes() []int64 {
	return slices.AppendSeq([]int64{codeForeignIP, codeNoPage}, maps.Keys(further))
}
