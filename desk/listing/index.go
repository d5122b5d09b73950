package listing

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/listindex"
	"mashang/domain/record"
)

const (
	// indexStep is how many submissions, or list entries, are read at a time while an index is built.
	indexStep = 500
	// indexWait is how long a request waits for the index to be built.
	indexWait = 8 * time.Second
	// maxIndexRows is how many submissions all indexes may hold together, about 750 bytes each. The least
	// recently used index is dropped first.
	maxIndexRows = 500_000
	// indexIdle is how long an unused index is kept.
	indexIdle = time.Hour
)

// StationIndex indexes a station's submissions. It is built in steps by the first callers and brought up to
// date from the station's feed of changes before each answer, so that an answer includes everything written
// before the request, by any process.
type StationIndex struct {
	st string
	// lock guards the fields below; a channel, so that waiting for it can time out.
	lock  chan struct{}
	index *listindex.Index
	// Facts are what figures are counted from.
	Facts *figures.FactIndex
	// feedPos is the position in the feed of changes, "" before the build begins. buildPos is the position of
	// the build; built is set when it is complete.
	feedPos  string
	buildPos record.Cursor
	built    bool
	// flagged is set when the flags are loaded that submissions do not have themselves.
	flagged bool
	// rows and used (ms) are for evicting indexes.
	rows atomic.Int64
	used atomic.Int64
}

// stationIndex returns the station's index and evicts others that are idle or too many.
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

// WithIndex calls f with the station's up-to-date index.
func (svc *Service) WithIndex(ctx context.Context, st string, f func(*listindex.Index)) error {
	return svc.WithStationIndex(ctx, st, func(k *StationIndex) { f(k.index) })
}

// WithStationIndex calls f with the station's up-to-date index; f must not keep it.
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

// advanceLocked does one step and calls f if the index is ready then. It always releases the lock that the
// caller took: a recovered panic must not block the station's lists for ever.
func (svc *Service) advanceLocked(ctx context.Context, k *StationIndex, f func(*StationIndex)) (ready bool, err error) {
	defer func() { <-k.lock }()
	if ready, err = svc.advance(ctx, k); ready {
		f(k)
	}
	return ready, err
}

// advance builds an index by one step, or updates a built one, which is then ready. The caller holds the lock.
// After an error the next call continues where this one stopped.
func (svc *Service) advance(ctx context.Context, k *StationIndex) (ready bool, err error) {
	if k.feedPos == "" {
		c, err := svc.store.Changes(ctx, k.st, "")
		if err != nil {
			return false, err
		}
		k.feedPos = c.Next
	}
	if k.built {
		return svc.catchUp(ctx, k)
	}
	list, at, more, err := svc.kit.Records.Page(ctx, k.st, record.Index{Name: record.All}, k.buildPos, indexStep)
	if err != nil {
		return false, err
	}
	if err := svc.put(ctx, k, list); err != nil {
		return false, err
	}
	k.buildPos, k.built = at, !more
	return false, nil
}

// put indexes submissions, with what liaisons keep beside them.
func (svc *Service) put(ctx context.Context, k *StationIndex, list []casework.Submission) error {
	if len(list) == 0 {
		return nil
	}
	ids, marks := make([]string, len(list)), map[string]annotation.Marks{}
	for i, s := range list {
		ids[i] = s.ID
	}
	sets, err := svc.store.Annotations(ctx, k.st, ids)
	if err != nil {
		return err
	}
	for id, set := range sets {
		marks[id] = annotation.MarksOf(set)
	}
	for _, s := range list {
		k.index.Put(s.ID, s)
		k.Facts.Put(s)
	}
	k.index.SetMarks(ids, marks)
	k.rows.Store(int64(k.index.Len()))
	return nil
}

// catchUp applies the changes of the feed. If the feed no longer has all of them, the index is built anew.
func (svc *Service) catchUp(ctx context.Context, k *StationIndex) (ready bool, err error) {
	c, err := svc.store.Changes(ctx, k.st, k.feedPos)
	if err != nil {
		return false, err
	}
	if c.Gap {
		k.index, k.Facts, k.feedPos, k.buildPos, k.built, k.flagged = listindex.New(), figures.NewFactIndex(), "", record.Cursor{}, false, false
		return false, nil
	}
	if len(c.IDs) > 0 {
		list, err := svc.kit.Records.LoadMany(ctx, k.st, c.IDs)
		if err != nil {
			return false, err
		}
		if err := svc.put(ctx, k, list); err != nil {
			return false, err
		}
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
	k.feedPos, k.flagged = c.Next, true
	return true, nil
}

// markListed sets the flag of all submissions that stand on a list of the store.
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
			id := submission(one)
			if _, isDay := record.ParseDayRef(id); !isDay {
				ids = append(ids, id)
			}
		}
		after, more = next, on
	}
	k.index.SetFlagged(f, ids)
	return nil
}

// refreshUndelivered updates the flag of changed submissions only, because the list may be long.
func (svc *Service) refreshUndelivered(ctx context.Context, k *StationIndex, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	entries, err := svc.store.UndeliveredOf(ctx, k.st, ids)
	if err != nil {
		return err
	}
	listed := make([]string, len(entries))
	for i, u := range entries {
		listed[i] = u.Submission
	}
	k.index.UpdateFlagged(listindex.Undelivered, ids, listed)
	return nil
}

// RequestIndex requests the station's index to be built soon, so that the next list need not wait. A lost
// request does no harm.
func (svc *Service) RequestIndex(st string) {
	select {
	case svc.requested <- st:
	default:
	}
}

// indexLoop builds the requested indexes.
func (svc *Service) indexLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case st := <-svc.requested:
			if err := svc.buildIndex(ctx, svc.stationIndex(st)); err != nil && ctx.Err() == nil {
				svc.kit.Log.WarnContext(ctx, "index not made yet", slog.String("station", st), slog.Any("err", err))
			}
		}
	}
}

// Ready waits until the station's index is built, however long that takes. Without it the first lists and
// figures of a large station may return Unavailable.
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
