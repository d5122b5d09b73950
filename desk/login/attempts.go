package login

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Refused attempts are written to the log, to the administrators' page and, for an attempt to sign in as one of
// the staff, to the audit. Equal attempts within some seconds are one line with a count, and a round writes a
// bounded number of lines, so that a flood fills neither log nor store. The refused request never waits for
// this, so its duration does not reveal which accounts exist.

const (
	// attemptsEvery is the interval at which attempts are written.
	attemptsEvery = 10 * time.Second
	// maxAttempts is how many different attempts a round distinguishes.
	maxAttempts = 100
)

// attempts counts the attempts of a round.
type attempts struct {
	mu    sync.Mutex
	times map[record.Attempt]int
	// overflow counts the attempts beyond maxAttempts.
	overflow int
}

// RecordAttempt records a refused attempt and returns at once. Who is the person's id or anything else that
// identifies them, "" for nobody; only a keyed digest of it is kept.
func (svc *Service) RecordAttempt(a record.Attempt) {
	a.At, a.Times, a.Entry = time.Time{}, 0, ""
	if a.Who != "" {
		a.Who = svc.pseudonym(a.Who)
	}
	t := &svc.attempts
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.times[a]; !known && len(t.times) >= maxAttempts {
		t.overflow++
		return
	}
	if t.times == nil {
		t.times = map[record.Attempt]int{}
	}
	t.times[a]++
}

// pseudonym stands for a person in logs: the same for the same person, and not reversible without the key.
func (svc *Service) pseudonym(person string) string {
	const shown = 12
	digest := svc.sealer.BlindIndex(person, "pseudonym")
	if _, after, ok := strings.Cut(digest, "."); ok {
		digest = after
	}
	return digest[:min(shown, len(digest))]
}

// WriteAttempts writes the attempts since the last round and returns the number of lines.
func (svc *Service) WriteAttempts(ctx context.Context) (int, error) {
	list, overflow := svc.attempts.drain()
	now := svc.kit.Now()
	for i := range list {
		a := &list[i]
		a.At = now
		svc.kit.Log.LogAttrs(ctx, slog.LevelWarn, "refused", slog.String("kind", a.Kind), slog.String("action", a.Action),
			slog.String("who", a.Who), slog.String("address", a.Address), slog.String("account", a.Account), slog.Int("times", a.Times))
	}
	if overflow > 0 {
		svc.kit.Log.LogAttrs(ctx, slog.LevelWarn, "refused", slog.String("kind", "others"), slog.Int("times", overflow))
		list = append(list, record.Attempt{At: now, Kind: record.AttemptTooMany, Times: overflow})
	}
	if len(list) == 0 {
		return 0, nil
	}
	if err := svc.store.PutAttempts(ctx, list); err != nil {
		return 0, err // the log has them
	}
	for _, a := range list {
		if a.Kind != record.AttemptSignIn || a.Account == "" {
			continue
		}
		why := fmt.Sprintf("%d 次，来自 %s", a.Times, cmp.Or(a.Address, "本机"))
		if err := svc.audit.Note(ctx, a.Station, audit.SignInFailed, a.Account, why); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// drain returns the attempts of the round in the order in which they are written, and begins the next round.
func (t *attempts) drain() (list []record.Attempt, overflow int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for a, n := range t.times {
		a.Times = n
		list = append(list, a)
	}
	overflow = t.overflow
	t.times, t.overflow = nil, 0
	slices.SortFunc(list, func(a, b record.Attempt) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Action, b.Action), strings.Compare(a.Address, b.Address),
			strings.Compare(a.Account, b.Account), strings.Compare(a.Who, b.Who))
	})
	return list, overflow
}

// attemptsLoop writes each round, and the rest when ctx ends.
func (svc *Service) attemptsLoop(ctx context.Context) {
	write := func(ctx context.Context) {
		if _, err := svc.WriteAttempts(ctx); err != nil {
			svc.kit.Log.WarnContext(ctx, "attempts are in the log alone", slog.String("code", string(fault.CodeOf(err))))
		}
	}
	svc.kit.Every(ctx, attemptsEvery, write)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	write(last)
}

// StaffAccount returns the station and the roster id of a staff account name, "" for anything else. What was
// typed may be a secret in the wrong field and is not repeated.
func (svc *Service) StaffAccount(ctx context.Context, account string) (st, id string) {
	id, st, ok := parseAccount(account)
	if !ok {
		return "", ""
	}
	if onStaff, err := svc.onStaff(ctx, st, id); err != nil || !onStaff {
		return "", ""
	}
	return st, id
}

// AttemptLine is an attempt as administrators see it.
type AttemptLine struct {
	record.Attempt

	// AccountName is the name of the account's owner.
	AccountName string
}

// Attempts lists refused attempts, newest first, for the station's administrator: those at the station and
// those at no station in particular. kind filters, "" does not.
func (svc *Service) Attempts(ctx context.Context, c access.Caller, kind, cursor string, limit int) (kit.PageOf[AttemptLine], error) {
	p := kit.PageOf[AttemptLine]{Items: []AttemptLine{}}
	if err := access.RequireAdmin(c); err != nil {
		return p, err
	}
	st, at, limit, err := svc.kit.StaffPage(ctx, c, true, cursor, limit)
	if err != nil {
		return p, err
	}
	before := at.ID
	for {
		list, err := svc.store.Attempts(ctx, before, kit.PageLimit)
		if err != nil {
			return p, err
		}
		for _, a := range list {
			before = a.Entry
			if a.Station != "" && a.Station != st.ID || kind != "" && a.Kind != kind {
				continue
			}
			l, _ := st.Liaison(a.Account)
			p.Items = append(p.Items, AttemptLine{Attempt: a, AccountName: l.Name})
			if len(p.Items) == limit {
				p.Next = kit.EncodeCursor(record.Cursor{ID: before})
				return p, nil
			}
		}
		if len(list) < kit.PageLimit {
			return p, nil
		}
	}
}
