package overview

import (
	"context"

	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// PlatformCheck is what an examination of the platform found.
type PlatformCheck struct {
	Findings []Finding `json:"findings" nullable:"false" doc:"In the order in which they were examined."`
}

// Finding is one thing that was examined.
type Finding struct {
	Mark string   `json:"mark" enum:"good,warning,bad" doc:"bad must be put right, warning is to be looked at."`
	Text string   `json:"text" doc:"In Chinese: what it is, and what to do."`
	More []string `json:"more" nullable:"false" doc:"Lines that belong to it, such as a value to paste."`
}

func (rt *routes) checkPlatform(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[PlatformCheck], error) {
	list, err := rt.desk.overview.CheckPlatform(ctx, c)
	if err != nil {
		return nil, err
	}
	out := PlatformCheck{Findings: make([]Finding, len(list))}
	for i, x := range list {
		out.Findings[i] = Finding{Mark: string(x.Mark), Text: x.Text, More: wire.Filled(x.More)}
	}
	return &wire.Output[PlatformCheck]{Body: out}, nil
}
