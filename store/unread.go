package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// maxUnread and unreadTTL bound the list of pushes without an effect; the oldest are dropped first.
const (
	maxUnread = 200
	unreadTTL = 30 * 24 * time.Hour
)

// unreadValue is the list's member; its time is the score.
type unreadValue struct {
	ID   string `json:"i"`
	Kind string `json:"k,omitempty"`
	Size int    `json:"s,omitempty"`
	Why  string `json:"y"`
}

// PutUnread lists a push that had no effect. One that is delivered again keeps its place.
func (s Platform) PutUnread(ctx context.Context, u record.UnreadPush) error {
	text, err := json.Marshal(unreadValue{u.ID, u.Kind, u.Size, u.Why})
	if err != nil {
		return broken(err, "推送")
	}
	p := s.rdb.TxPipeline()
	p.ZAddNX(ctx, keyUnread, redis.Z{Score: float64(u.At.UnixMilli()), Member: string(text)})
	p.ZRemRangeByRank(ctx, keyUnread, 0, -maxUnread-1)
	p.PExpire(ctx, keyUnread, unreadTTL)
	_, err = p.Exec(ctx)
	return failed(err)
}

// Unread lists the pushes of the last 30 days that had no effect, newest first, at most maxUnread.
func (s Platform) Unread(ctx context.Context) ([]record.UnreadPush, error) {
	since := strconv.FormatInt(s.now().Add(-unreadTTL).UnixMilli(), 10)
	rows, err := s.rdb.ZRevRangeByScoreWithScores(ctx, keyUnread, &redis.ZRangeBy{Min: since, Max: "+inf"}).Result()
	if err != nil {
		return nil, failed(err)
	}
	list := make([]record.UnreadPush, 0, len(rows))
	for _, z := range rows {
		var v unreadValue
		text, _ := z.Member.(string)
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			return nil, broken(err, "推送")
		}
		list = append(list, record.UnreadPush{ID: v.ID, At: time.UnixMilli(int64(z.Score)), Kind: v.Kind, Size: v.Size, Why: v.Why})
	}
	return list, nil
}
