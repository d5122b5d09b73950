package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// matchWithin is how far apart the client's report of a tap and the platform's
// event may come and still be one tap.
const matchWithin = 10 * time.Minute

// AddConsents counts consents that a source tells of; the first ever makes the
// count known. What one source tells and the other told within ten minutes counts
// once.
func (s Consents) AddConsents(ctx context.Context, person string, g record.Grant, now time.Time) error {
	if g.Count < 1 {
		return nil
	}
	return failed(scriptGrant.run(ctx, s.rdb, []string{keyConsent(person)},
		string(g.Purpose), g.Count, now.UnixMilli(), matchWithin.Milliseconds(), string(g.Source), g.By).Err())
}

// ConsentsLeft says how many are left for each purpose of which anything is
// known.
func (s Consents) ConsentsLeft(ctx context.Context, person string) (notice.Consents, error) {
	fields, err := s.rdb.HGetAll(ctx, keyConsent(person)).Result()
	if err != nil {
		return nil, failed(err)
	}
	left := notice.Consents{}
	for name, value := range fields {
		if strings.Contains(name, ":") {
			continue // what counting needs beside the counts
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil, broken(err, "通知次数")
		}
		left[notice.Purpose(name)] = n
	}
	return left, nil
}

// SpendConsent takes one if there is one.
func (s Consents) SpendConsent(ctx context.Context, person string, p notice.Purpose) error {
	return failed(scriptSpend.run(ctx, s.rdb, []string{keyConsent(person)}, string(p)).Err())
}

// ClearConsents sets the count to none, known.
func (s Consents) ClearConsents(ctx context.Context, person string, p notice.Purpose) error {
	return failed(s.rdb.HSet(ctx, keyConsent(person), string(p), 0).Err())
}

// LockPerson lets one sender at a time reach a person, in all processes. release is
// never nil; it frees the person's lock early if it is still ours.
func (s Consents) LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error) {
	return s.lock(ctx, keyPersonLock(person), ttl)
}
