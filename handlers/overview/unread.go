package overview

import (
	"context"
	"net/http"
	"time"

	"mashang/domain/access"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// UnreadPush is a push of WeChat that had no effect.
type UnreadPush struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind" doc:"What it was, in Chinese, as far as that can be told."`
	Size int       `json:"size" doc:"Bytes."`
	Why  string    `json:"why" doc:"What happened and what to do, in plain Chinese; never what was written."`
	Next string    `json:"next" doc:"What the staff should do next, in plain Chinese."`
}

func (rt *routes) addUnread() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/unread-pushes", "unreadPushes", "What WeChat pushed to the installation in the last 30 days without an effect, the newest first; at most 200.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.unreadPushes)
}

func (rt *routes) unreadPushes(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.ListOutput[UnreadPush], error) {
	list, err := rt.desk.overview.UnreadPushes(ctx, c)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[UnreadPush]{Body: wire.Page[UnreadPush]{Items: make([]UnreadPush, len(list))}}
	for i, u := range list {
		out.Body.Items[i] = UnreadPush(u)
	}
	return out, nil
}
