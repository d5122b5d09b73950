package login

import (
	"context"
	"net/http"
	"time"

	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// AttemptLine is a refused request.
type AttemptLine struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind" enum:"sign_in,unauthenticated,denied,not_found,too_many"`
	KindName string    `json:"kind_name" doc:"In Chinese."`
	Action   string    `json:"action" doc:"Method and route; empty for several together."`
	Who      string    `json:"who,omitempty" doc:"Stands for the person: equal for equal persons, and as in the log. Empty for somebody unknown."`
	Address  string    `json:"address,omitempty"`
	Account  string    `json:"account,omitempty" doc:"The id of whom it was tried to sign in as."`
	Name     string    `json:"account_name,omitempty"`
	Times    int       `json:"times" doc:"Within ten seconds."`
}

// attemptNames are the kinds' names in Chinese.
var attemptNames = map[string]string{
	record.AttemptSignIn: "验证失败", record.AttemptNoSession: "没有登录", record.AttemptDenied: "没有权限",
	record.AttemptMissing: "找不存在的", record.AttemptTooMany: "太频繁",
}

type attemptsIn struct {
	wire.Paging

	Kind string `query:"kind" enum:"sign_in,unauthenticated,denied,not_found,too_many" doc:"One kind alone."`
}

func (rt *routes) addAttempts() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/attempts", "listRefusedAttempts", "What was refused: failed sign-ins, and who asked for what is not theirs; newest first, thirty days.").
		By(access.RequireAdmin).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.attempts)
}

func (rt *routes) attempts(ctx context.Context, c access.Caller, in *attemptsIn) (*wire.ListOutput[AttemptLine], error) {
	p, err := rt.desk.login.Attempts(ctx, c, in.Kind, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[AttemptLine]{Body: wire.Page[AttemptLine]{Items: make([]AttemptLine, len(p.Items)), NextCursor: p.Next}}
	for i, a := range p.Items {
		out.Body.Items[i] = AttemptLine{
			At: a.At.In(station.Zone), Kind: a.Kind, KindName: attemptNames[a.Kind], Action: a.Action, Who: a.Who, Address: a.Address,
			Account: a.Account, Name: a.AccountName, Times: a.Times,
		}
	}
	return out, nil
}
