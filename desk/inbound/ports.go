package inbound

import (
	"context"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Platform is what the area asks of the platform.
type Platform interface {
	// Media fetches what a person sent into the chat; fault.NotFound when the
	// platform keeps it no longer.
	Media(ctx context.Context, media string) (contentType string, data []byte, err error)
	PurposeOf(template string) (notice.Purpose, bool)
}

// Store is what the area asks of the store.
type Store interface {
	// PersonByOpenID returns the person, made with newID at first sight.
	PersonByOpenID(ctx context.Context, openid, newID string) (record.Person, error)
	Visited(ctx context.Context, person string) ([]string, error)
	// MarkGreeted notes the day, as YYYY-MM-DD, on which the person was last told in
	// the chat what they have in hand; first is false when it was noted before.
	MarkGreeted(ctx context.Context, person, day string) (first bool, err error)
	// SetOpened and Opened remember which submission a member opened last, or a
	// person came to the chat by: its id, or a number that is of no open one.
	SetOpened(ctx context.Context, person, submission string, at time.Time) error
	Opened(ctx context.Context, person string) (submission string, at time.Time, err error)
	// AddConsents adds, one tap once, though two sources tell of it. ConsentsLeft
	// says how many are left where anything is known; SpendConsent takes one of a
	// known count; ClearConsents sets it to none.
	AddConsents(ctx context.Context, person string, g record.Grant, now time.Time) error
	ClearConsents(ctx context.Context, person string, p notice.Purpose) error
	// LockPerson lets one sender at a time reach a person; release frees it early.
	LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error)
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// PutEvent stores a delivery once: a repeated id within a day changes
	// nothing and is no error.
	PutEvent(ctx context.Context, a record.InboundEvent, now time.Time) error
	LeaseEvents(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.InboundEvent, error)
	FinishEvent(ctx context.Context, id string) error
	PostponeEvent(ctx context.Context, a record.InboundEvent, at time.Time) error
	// PutUnread lists a push that had no effect, once for its id; Unread lists those
	// of the last 30 days, the newest first.
	PutUnread(ctx context.Context, u record.UnreadPush) error
}
