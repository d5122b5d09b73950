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

// What is refused leaves a trace: in the log, on the administrators' page and,
// when somebody tried to sign in as one of the staff, in the audit. Equal attempts
// within a few seconds are one line with a count, and each round writes a bounded
// number of lines: a flood fills neither log nor store. Nothing of it is waited for
// by who is refused, so an answer tells nobody which accounts there are.

const (
	// attemptsEvery is how often the attempts of a round are written.
	attemptsEvery = 10 * time.Second
	// mostAttempts is how many different ones a round tells apart.
	mostAttempts = 100
)

// attempts counts those of a round.
type attempts struct {
	mu    sync.Mutex
	times map[record.Attempt]int
	// others are those beyond mostAttempts.
	others int
}

// RecordAttempt notes something that was refused. Who is the person's id, or anything
// else that stands for them ("" for nobody): what is kept is a keyed digest. It
// returns at once.
func (svc *Service) RecordAttempt(a record.Attempt) {
	a.At, a.Times, a.Entry = time.Time{}, 0, ""
	if a.Who != "" {
		a.Who = svc.pseudonym(a.Who)
	}
	t := &svc.attempts
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.times[a]; !known && len(t.times) >= mostAttempts {
		t.others++
		return
	}
	if t.times == nil {
		t.times = map[record.Attempt]int{}
	}
	t.times[a]++
}

// pseudonym stands for a person in logs: equal for equal persons, and nobody
// without the key finds out whose it is.
func (svc *Service) pseudonym(person string) string {
	const shown = 12
	digest := svc.sealer.BlindIndex(person, "pseudonym")
	if _, after, ok := strings.Cut(digest, "."); ok {
		digest = after
	}
	return digest[:min(shown, len(digest))]
}

// WriteAttempts writes down what was refused since the last round, and returns how
// many lines that were.
func (svc *Service) WriteAttempts(ctx context.Context) (int, error) {
	list, others := svc.attempts.drain()
	now := svc.kit.Now()
	for i := range list {
		a := &list[i]
		a.At = now
		svc.kit.Log.LogAttrs(ctx, slog.LevelWarn, "refused", slog.String("kind", a.Kind), slog.String("action", a.Action),
			slog.String("who", a.Who), slog.String("address", a.Address), slog.String("account", a.Account), slog.Int("times", a.Times))
	}
	if others > 0 {
		svc.kit.Log.LogAttrs(ctx, slog.LevelWarn, "refused", slog.String("kind", "others"), slog.Int("times", others))
		list = append(list, record.Attempt{At: now, Kind: record.AttemptTooMany, Times: others})
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

// drain returns the attempts of the round in the order they are written, and begins
// the next.
func (t *attempts) drain() (list []record.Attempt, others int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for a, n := range t.times {
		a.Times = n
		list = append(list, a)
	}
	others = t.others
	t.times, t.others = nil, 0
	slices.SortFunc(list, func(a, b record.Attempt) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Action, b.Action), strings.Compare(a.Address, b.Address),
			strings.Compare(a.Account, b.Account), strings.Compare(a.Who, b.Who))
	})
	return list, others
}

// attemptsLoop writes each round; what is left when ctx ends is written last.
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

// StaffAccount is whose account it is that somebody tries to sign in with: the
// station and the id of one on its roster, "" for anything else. What was typed may
// be a secret in the wrong field, and is not repeated.
func (svc *Service) StaffAccount(ctx context.Context, account string) (st, id string) {
	id, st, ok := cutAccount(account)
	if !ok {
		return "", ""
	}
	if there, err := svc.onStaff(ctx, st, id); err != nil || !there {
		return "", ""
	}
	return st, id
}

// AttemptLine is an attempt as an administrator reads it.
type AttemptLine struct {
	record.Attempt

	// AccountName is the name of whose account it is.
	AccountName string
}

// Attempts lists what was refused, the newest first, for the station's
// administrator: what concerns the station, and what concerns none in particular.
// kind narrows it, "" does not.
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
