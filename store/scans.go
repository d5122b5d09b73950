package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// scansLife is how long the scans of a day are kept apart.
const scansLife = 400 * 24 * time.Hour

// AddScans adds to what was counted.
func (s Stations) AddScans(ctx context.Context, list []record.Scans) error {
	p := s.rdb.Pipeline()
	days := map[string]bool{}
	for _, x := range list {
		if err := checkStation(x.Station); err != nil {
			return err
		}
		sp := spaceOf(x.Station)
		p.HIncrBy(ctx, sp.scansOn(x.Day), x.Code, int64(x.N))
		p.HIncrBy(ctx, sp.scans(), x.Code, int64(x.N))
		p.HSet(ctx, sp.scanned(), x.Code, x.Day)
		days[sp.scansOn(x.Day)] = true
	}
	for key := range days {
		p.Expire(ctx, key, scansLife)
	}
	_, err := p.Exec(ctx)
	return failed(err)
}

// CodeUses says what became of a station's codes; Recent adds up the days
// (YYYY-MM-DD). A code that was never used is not there.
func (s Stations) CodeUses(ctx context.Context, st string, days []string) (map[string]record.CodeUse, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	sp := spaceOf(st)
	p := s.rdb.Pipeline()
	total, last, filed := p.HGetAll(ctx, sp.scans()), p.HGetAll(ctx, sp.scanned()), p.HGetAll(ctx, sp.filed())
	recent := make([]*redis.MapStringStringCmd, len(days))
	for i, day := range days {
		recent[i] = p.HGetAll(ctx, sp.scansOn(day))
	}
	if _, err := p.Exec(ctx); err != nil {
		return nil, failed(err)
	}
	uses := map[string]record.CodeUse{}
	sum := func(counts map[string]string, add func(u *record.CodeUse, n int)) error {
		for code, text := range counts {
			n, err := strconv.Atoi(text)
			if err != nil {
				return broken(err, "扫码次数")
			}
			u := uses[code]
			add(&u, n)
			uses[code] = u
		}
		return nil
	}
	if err := sum(total.Val(), func(u *record.CodeUse, n int) { u.Total += n }); err != nil {
		return nil, err
	}
	if err := sum(filed.Val(), func(u *record.CodeUse, n int) { u.Filed += n }); err != nil {
		return nil, err
	}
	for _, day := range recent {
		if err := sum(day.Val(), func(u *record.CodeUse, n int) { u.Recent += n }); err != nil {
			return nil, err
		}
	}
	for code, day := range last.Val() {
		u := uses[code]
		u.LastDay = day
		uses[code] = u
	}
	return uses, nil
}
