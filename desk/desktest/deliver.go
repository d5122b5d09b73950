package desktest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/desk"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/notice"
	"mashang/domain/station"
)

const (
	PhoneOfM01     = Here + "-member-m01"
	PhoneOfFiler   = "villager"
	MemberUrgeTold = "member_urge member "
)

// WithNotice is a bundle with one submission for m01, whose notice is pending.
func WithNotice(t *testing.T, change ...func(*kit.Config)) (*Bundle, matters.View) {
	t.Helper()
	b := Setup(t, change...)
	b.Member("m01")
	return b, b.File(b.Visitor(PhoneOfFiler), b.Key(station.ForMember, "m01"))
}

// WantOutcomes compares the stored outcomes.
func (b *Bundle) WantOutcomes(want ...string) {
	b.T.Helper()
	if diff := cmp.Diff(append([]string{}, want...), b.NoticeOutcomes()); diff != "" {
		b.T.Error(diff)
	}
}

// CrashingStore is a store on which calls fail, as when the process dies there.
type CrashingStore struct {
	desk.Store

	mu   sync.Mutex
	Dies int // how many calls of Finish and FinishEvent fail
}

var ErrDied = errors.New("the process died here")

func (s *CrashingStore) dies() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Dies--
	return s.Dies >= 0
}

func (s *CrashingStore) Finish(ctx context.Context, st string, e notice.Entry, r notice.Receipt, now time.Time) error {
	if s.dies() {
		return ErrDied
	}
	return s.Store.Finish(ctx, st, e, r, now)
}

func (s *CrashingStore) FinishEvent(ctx context.Context, id string) error {
	if s.dies() {
		return ErrDied
	}
	return s.Store.FinishEvent(ctx, id)
}

// Damage makes a submission unreadable, as a disk fault might.
func (b *Bundle) Damage(id string) {
	b.T.Helper()
	_, local, _ := strings.Cut(id, "-")
	c, key := b.Server.Client(b.T), "{"+Here+"}:s:"+local
	value, err := c.Get(b.T.Context(), key).Result()
	if err != nil {
		b.T.Fatal(err)
	}
	head, _, _ := strings.Cut(value, "\n")
	if err := c.Set(b.T.Context(), key, head+"\ngarbage", 0).Err(); err != nil {
		b.T.Fatal(err)
	}
}
