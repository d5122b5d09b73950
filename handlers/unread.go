package handlers

import (
	"context"
	"net/http"
	"time"

	"mashang/domain/access"
)

// UnreadPush is something that WeChat pushed and that had no effect.
type UnreadPush struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind" doc:"What it was, in Chinese, as far as that can be told."`
	Size int       `json:"size" doc:"Bytes."`
	Why  string    `json:"why" doc:"What happened and what to do, in plain Chinese; never what was written."`
	Next string    `json:"next" doc:"What the staff should do next, in plain Chinese."`
}

func (f *Face) addUnread() {
	handle(f, op(http.MethodGet, "/station/unread-pushes", "unreadPushes", "What WeChat pushed to the installation in the last 30 days without an effect, the newest first; at most 200.").
		by(staffOrAdmin).fails(http.StatusForbidden), f.unreadPushes)
}

func (f *Face) unreadPushes(ctx context.Context, c access.Caller, _ *nothing) (*listed[UnreadPush], error) {
	list, err := f.desk.Overview.UnreadPushes(ctx, c)
	if err != nil {
		return nil, err
	}
	out := &listed[UnreadPush]{page[UnreadPush]{Items: make([]UnreadPush, len(list))}}
	for i, u := range list {
		out.Body.Items[i] = UnreadPush(u)
	}
	return out, nil
}
