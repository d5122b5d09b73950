package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// tapWindow is the greatest time between the client's report of a tap and the platform's event of the same tap.
const tapWindow = 10 * time.Minute

// AddConsents adds consents that a source reports. The first report makes the count known. Reports of the same
// tap by two sources within tapWindow count once.
func (s Consents) AddConsents(ctx context.Context, person string, g record.Grant, now time.Time) error {
	if g.Count < 1 {
		return nil
	}
	return failed(scriptGrant.run(ctx, s.rdb, []string{keyConsent(person)},
		string(g.Purpose), g.Count, now.UnixMilli(), tapWindow.Milliseconds(), string(g.Source), g.By).Err())
}

// ConsentsLeft returns the counts of all purposes with a known count.
func (s Consents) ConsentsLeft(ctx context.Context, person string) (notice.Consents, error) {
	fields, err := s.rdb.HGetAll(ctx, keyConsent(person)).Result()
	if err != nil {
		return nil, failed(err)
	}
	left := notice.Consents{}
	for name, value := range fields {
		if strings.Contains(name, ":") {
			continue // auxiliary fields of the counting
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil, broken(err, "通知次数")
		}
		left[notice.Purpose(name)] = n
	}
	return left, nil
}

// SpendConsent subtracts one consent if there is one.
func (s Consents) SpendConsent(ctx context.Context, person string, p notice.Purpose) error {
	return failed(scriptSpend.run(ctx, s.rdb, []string{keyConsent(person)}, string(p)).Err())
}

// ClearConsents sets the count to a known 0.
func (s Consents) ClearConsents(ctx context.Context, person string, p notice.Purpose) error {
	return failed(s.rdb.HSet(ctx, keyConsent(person), string(p), 0).Err())
}

// LockPerson locks a person for one sender in all processes. release is never nil; it unlocks early if the lock
// is still held.
func (s Consents) LockPerson(ctx context.Context, person string, ttl time.Duration) (release func(), ok bool, err error) {
	return s.lock(ctx, keyPersonLock(person), ttl)
}
