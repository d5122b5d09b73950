package listing

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/listindex"
	"mashang/domain/record"
)

const (
	// indexStep is how many submissions are read at a time while an index is
	// made, and how many photos that wait.
	indexStep = 500
	// indexWait is how long a list waits for the index to be made.
	indexWait = 8 * time.Second
	// maxIndexRows is how many submissions all indexes may hold together, at
	// about 750 bytes each: the one asked for longest ago gives way first.
	maxIndexRows = 500_000
	// indexIdle is how long one is kept that nobody asks.
	indexIdle = time.Hour
)

// StationIndex is a station's index of its submissions. It is made when it is first
// asked for, step by step, by whoever needs it, and brought up to date before each
// answer by the station's feed of changes: an answer knows all that was written
// before it was asked for, by whichever process.
type StationIndex struct {
	st string
	// lock is held by who reads or changes the fields below.
	lock  chan struct{}
	index *listindex.Index
	// ledger is what figures are counted from; it is kept with the index.
	Facts *figures.FactIndex
	// place is up to where the feed is known, "" before the index is begun; at is
	// up to where all submissions were read, and made tells that they were.
	place string
	at    record.Cursor
	made  bool
	// flagged tells that the flags are known that only the store knows.
	flagged bool
	// rows and used (ms) are for who looks after all indexes.
	rows atomic.Int64
	used atomic.Int64
}

// stationIndex returns the station's index, and lets go of those that are not
// asked any more.
func (svc *Service) stationIndex(st string) *StationIndex {
	svc.indexesMu.Lock()
	defer svc.indexesMu.Unlock()
	now := svc.kit.Now().UnixMilli()
	k, ok := svc.indexes[st]
	if !ok {
		k = &StationIndex{st: st, lock: make(chan struct{}, 1), index: listindex.New(), Facts: figures.NewFactIndex()}
		svc.indexes[st] = k
	}
	k.used.Store(now)
	for {
		var total int64
		var last *StationIndex
		for _, o := range svc.indexes {
			total += o.rows.Load()
			if o != k && (last == nil || o.used.Load() < last.used.Load()) {
				last = o
			}
		}
		if last == nil || total <= maxIndexRows && now-last.used.Load() <= indexIdle.Milliseconds() {
			return k
		}
		delete(svc.indexes, last.st)
	}
}

// WithIndex calls f with the station's index as it is now.
func (svc *Service) WithIndex(ctx context.Context, st string, f func(*listindex.Index)) error {
	return svc.WithStationIndex(ctx, st, func(k *StationIndex) { f(k.index) })
}

// WithStationIndex calls f with the station's index as it is now; f may not keep it.
func (svc *Service) WithStationIndex(ctx context.Context, st string, f func(*StationIndex)) error {
	k := svc.stationIndex(st)
	wait, cancel := context.WithTimeout(ctx, indexWait)
	defer cancel()
	for {
		select {
		case k.lock <- struct{}{}:
		case <-wait.Done():
			return fault.New(fault.Unavailable, "正在整理全站的诉求清单，请几秒后再试").Retry(2 * time.Second)
		}
		ready, err := svc.advanceLocked(ctx, k, f)
		if ready || err != nil {
			return err
		}
	}
}

// advanceLocked goes one step further and calls f if it is ready then. The turn, which the
// caller has, is given back whatever happens: a panic that is survived must not
// keep the station from its lists for ever.
func (svc *Service) advanceLocked(ctx context.Context, k *StationIndex, f func(*StationIndex)) (ready bool, err error) {
	defer func() { <-k.lock }()
	if ready, err = svc.advance(ctx, k); ready {
		f(k)
	}
	return ready, err
}

// advance makes an index by one step, or brings one that is made up to date;
// then it is ready. Whoever calls it has the turn. After an error the next call
// goes on where it was.
func (svc *Service) advance(ctx context.Context, k *StationIndex) (ready bool, err error) {
	if k.place == "" {
		c, err := svc.store.Changes(ctx, k.st, "")
		if err != nil {
			return false, err
		}
		k.place = c.Next
	}
	if k.made {
		return svc.catchUp(ctx, k)
	}
	list, at, more, err := svc.kit.Records.Page(ctx, k.st, record.Index{Name: record.All}, k.at, indexStep)
	if err != nil {
		return false, err
	}
	k.put(list)
	k.at, k.made = at, !more
	return false, nil
}

func (k *StationIndex) put(list []casework.Submission) {
	for _, s := range list {
		k.index.Put(s.ID, s)
		k.Facts.Put(s)
	}
	k.rows.Store(int64(k.index.Len()))
}

// catchUp reads what has changed. Where the feed has forgotten some of it, the
// StationIndex is made anew.
func (svc *Service) catchUp(ctx context.Context, k *StationIndex) (ready bool, err error) {
	c, err := svc.store.Changes(ctx, k.st, k.place)
	if err != nil {
		return false, err
	}
	if c.Gap {
		k.index, k.Facts, k.place, k.at, k.made, k.flagged = listindex.New(), figures.NewFactIndex(), "", record.Cursor{}, false, false
		return false, nil
	}
	if len(c.IDs) > 0 {
		list, err := svc.kit.Records.LoadMany(ctx, k.st, c.IDs)
		if err != nil {
			return false, err
		}
		k.put(list)
	}
	if !k.flagged {
		if err := markListed(ctx, k, listindex.Undelivered, svc.store.UndeliveredPage, func(u record.Undelivered) string { return u.Submission }); err != nil {
			return false, err
		}
	} else if err := svc.refreshUndelivered(ctx, k, c.IDs); err != nil {
		return false, err
	}
	if !k.flagged || len(c.IDs) > 0 {
		if err := markListed(ctx, k, listindex.Photos, svc.store.HeldPhotos, func(p record.HeldPhoto) string { return p.Submission }); err != nil {
			return false, err
		}
	}
	// After an error the same changes are read again.
	k.place, k.flagged = c.Next, true
	return true, nil
}

// markListed says of all submissions which stand on a list of which they know nothing
// themselves.
func markListed[T any](ctx context.Context, k *StationIndex, f listindex.Flag,
	read func(context.Context, string, record.Cursor, int) ([]T, record.Cursor, bool, error), submission func(T) string,
) error {
	var ids []string
	for after, more := (record.Cursor{}), true; more; {
		list, next, on, err := read(ctx, k.st, after, indexStep)
		if err != nil {
			return err
		}
		for _, one := range list {
			ids = append(ids, submission(one))
		}
		after, more = next, on
	}
	k.index.SetFlagged(f, ids)
	return nil
}

// refreshUndelivered asks for the submissions that changed alone: the list may be long.
func (svc *Service) refreshUndelivered(ctx context.Context, k *StationIndex, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	listed, err := svc.store.FilterUndelivered(ctx, k.st, ids)
	if err == nil {
		k.index.UpdateFlagged(listindex.Undelivered, ids, listed)
	}
	return err
}

// RequestIndex has the station's index made soon, so that whoever asks for its list
// next need not wait. A lost wish harms nothing.
func (svc *Service) RequestIndex(st string) {
	select {
	case svc.wanted <- st:
	default:
	}
}

// indexLoop makes the indexes that are wanted.
func (svc *Service) indexLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case st := <-svc.wanted:
			if err := svc.buildIndex(ctx, svc.stationIndex(st)); err != nil && ctx.Err() == nil {
				svc.kit.Log.WarnContext(ctx, "index not made yet", slog.String("station", st), slog.Any("err", err))
			}
		}
	}
}

// Ready waits until the station's index is made, however long that takes.
// Without it, what is counted or listed first of a large station asks to try again.
func (svc *Service) Ready(ctx context.Context, st string) error {
	return svc.buildIndex(ctx, svc.stationIndex(st))
}

func (svc *Service) buildIndex(ctx context.Context, k *StationIndex) error {
	for ready := false; !ready; {
		select {
		case k.lock <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		var err error
		if ready, err = svc.advanceLocked(ctx, k, func(*StationIndex) {}); err != nil {
			return err
		}
	}
	return nil
}
