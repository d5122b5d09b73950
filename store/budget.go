package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Budgets counts one account's calls of the platform for all processes. Losing
// them lets a minute's or a day's calls be made again.
type Budgets struct {
	*conn
	account string
}

// Budgets returns the counts of an account.
func (s Platform) Budgets(account string) Budgets { return Budgets{s.conn, account} }

// platformZone is where the platform's days begin.
var platformZone = time.FixedZone("UTC+8", 8*60*60)

// budgetLife is how long the counts live after their last use: longer than any
// stop, which ends with the day at the latest.
const budgetLife = 48 * time.Hour

// Lease takes up to want calls out of what is left of the endpoint's minute and
// day; 0 is no limit. It gives none only when none is left or the endpoint is
// stopped, and then says until when. unspent calls of an earlier batch of the
// same day go back first. today is how many of the day are given out.
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

// Stop lets nobody have a call of the endpoint until then.
func (b Budgets) Stop(ctx context.Context, endpoint string, until time.Time) error {
	key := keyBudget(b.account, endpoint)
	_, err := b.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, key, "stop", strconv.FormatInt(until.UnixMilli(), 10))
		p.Expire(ctx, key, budgetLife)
		return nil
	})
	return failed(err)
}
