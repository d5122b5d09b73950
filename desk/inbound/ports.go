package inbound

import (
	"context"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Platform is the part of the platform that the area uses.
type Platform interface {
	// Media fetches a file that a person sent into the chat; fault.NotFound when the platform no longer keeps
	// it.
	Media(ctx context.Context, media string) (contentType string, data []byte, err error)
	PurposeOf(template string) (notice.Purpose, bool)
}

// Store is the part of the store that the area uses.
type Store interface {
	// PersonByOpenID returns the person. A new one is created with newID.
	PersonByOpenID(ctx context.Context, openid, newID string) (record.Person, error)
	Visited(ctx context.Context, person string) ([]string, error)
	// MarkGreeted stores the day, as YYYY-MM-DD, on which the person was last greeted in the chat. first is
	// false when the day was stored before.
	MarkGreeted(ctx context.Context, person, day string) (first bool, err error)
	// SetOpened stores the submission that a member opened last, or the one by which a person came to the chat:
	// its id, or a number that is of no open one. Opened returns it.
	SetOpened(ctx context.Context, person, submission string, at time.Time) error
	Opened(ctx context.Context, person string) (submission string, at time.Time, err error)
	// AddConsents adds consents. One tap counts once, even if two sources report it. ClearConsents sets the
	// count to none.
	AddConsents(ctx context.Context, person string, g record.Grant, now time.Time) error
	ClearConsents(ctx context.Context, person string, p notice.Purpose) error
	// LockPerson locks a person for one sender; release unlocks early.
	LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error)
	// Station answers fault.NotFound for an unknown id.
	Station(ctx context.Context, id string) (*station.Station, error)
	// Upload answers fault.NotFound for an unknown id.
	Upload(ctx context.Context, id string) (record.Upload, error)
	// PutEvent stores an event once: a repeated id within a day changes nothing and is no error.
	PutEvent(ctx context.Context, a record.InboundEvent, now time.Time) error
	LeaseEvents(ctx context.Context, now time.Time, lease time.Duration, n int) ([]record.InboundEvent, error)
	FinishEvent(ctx context.Context, id string) error
	PostponeEvent(ctx context.Context, a record.InboundEvent, at time.Time) error
	// PutUnread lists a push that had no effect, once for its id.
	PutUnread(ctx context.Context, u record.UnreadPush) error
}
