package matters

import (
	"context"
	"net/http"

	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// PhoneQuestion is the body for finding the submissions of a number. It is a body because addresses are logged.
type PhoneQuestion struct {
	Phone  string `json:"phone" maxLength:"40" doc:"The whole number; it is not kept."`
	Reason string `json:"reason" doc:"Why; at most 500 characters, written down first."`
}

// PhoneMatches are the submissions of a number, the newest first.
type PhoneMatches struct {
	Items   []wire.Submission `json:"items" nullable:"false" maxItems:"100"`
	Partial bool              `json:"partial" doc:"There may be older ones: the newest 5,000 that could fit were looked at, and 100 are shown."`
}

type phoneIn struct{ Body PhoneQuestion }

func (rt *routes) addFindPhone() {
	web.Handle(rt.api, web.Op(http.MethodPost, "/station/submissions/by-phone", "findSubmissionsByPhone", "The submissions of a phone number: filed with it, or for somebody whose it is. Who asked and why is written down first.").
		By(web.Staff).Writes().Fails(http.StatusForbidden), rt.findPhone)
}

func (rt *routes) findPhone(ctx context.Context, c access.Caller, in *phoneIn) (*wire.Output[PhoneMatches], error) {
	found, err := rt.desk.matters.FindByPhone(ctx, c, in.Body.Phone, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := PhoneMatches{Items: make([]wire.Submission, len(found.Items)), Partial: found.Partial}
	for i := range found.Items {
		out.Items[i] = wire.BriefOf(&found.Items[i])
	}
	return &wire.Output[PhoneMatches]{Body: out}, nil
}
