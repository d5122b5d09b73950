package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Budgets counts one account's platform calls for all processes. If the counts are lost, a minute's or a day's
// calls can be made again.
type Budgets struct {
	*conn
	account string
}

// Budgets returns the counts of an account.
func (s Platform) Budgets(account string) Budgets { return Budgets{s.conn, account} }

// platformZone is the time zone of the platform's days.
var platformZone = time.FixedZone("UTC+8", 8*60*60)

// budgetTTL is how long the counts live after their last use. It is longer than any stop, which ends with the
// day at the latest.
const budgetTTL = 48 * time.Hour

// Lease takes up to want calls from what is left of the endpoint's minute and day; a limit of 0 is none. got is
// 0 only when none is left or the endpoint is stopped; until is then when calls are available again. unspent
// calls of an earlier batch of the same day are returned first. today is how many of the day's calls are given
// out.
func (b Budgets) Lease(ctx context.Context, endpoint string, at time.Time, want, unspent, perMinute, perDay int) (got, today int, until time.Time, err error) {
	y, m, d := at.In(platformZone).Date()
	next := time.Date(y, m, d+1, 0, 0, 0, 0, platformZone)
	list, err := scriptBudget.run(ctx, b.rdb, []string{keyBudget(b.account, endpoint)},
		at.UnixMilli(), next.UnixMilli(), want, unspent, perMinute, perDay).Int64Slice()
	if err != nil {
		return 0, 0, time.Time{}, failed(err)
	}
	return int(list[0]), int(list[1]), time.UnixMilli(list[2]), nil
}

// Stop stops the endpoint's calls until the time.
func (b Budgets) Stop(ctx context.Context, endpoint string, until time.Time) error {
	key := keyBudget(b.account, endpoint)
	_, err := b.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, key, "stop", strconv.FormatInt(until.UnixMilli(), 10))
		p.Expire(ctx, key, budgetTTL)
		return nil
	})
	return failed(err)
}
