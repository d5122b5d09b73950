package desk

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/finding"
	"mashang/domain/record"
)

const (
	// catalogueStep is how many submissions are read at a time while a catalogue is
	// made, and how many photos that wait.
	catalogueStep = 500
	// catalogueWait is how long a list waits for the catalogue to be made.
	catalogueWait = 8 * time.Second
	// catalogueRows is how many submissions all catalogues may hold together, at
	// about 750 bytes each: the one asked for longest ago gives way first.
	catalogueRows = 500_000
	// catalogueIdle is how long one is kept that nobody asks.
	catalogueIdle = time.Hour
)

// catalogue is a station's index of its submissions. It is made when it is first
// asked for, step by step, by whoever needs it, and brought up to date before each
// answer by the station's feed of changes: an answer knows all that was written
// before it was asked for, by whichever process.
type catalogue struct {
	st string
	// turn is held by who reads or changes the fields below.
	turn  chan struct{}
	index *finding.Index
	// ledger is what figures are counted from; it is kept with the index.
	ledger *figures.Ledger
	// place is up to where the feed is known, "" before the index is begun; at is
	// up to where all submissions were read, and made tells that they were.
	place string
	at    Cursor
	made  bool
	// marked tells that the flags are known that only the store knows.
	marked bool
	// rows and used (ms) are for who looks after all catalogues.
	rows atomic.Int64
	used atomic.Int64
}

// catalogueOf returns the station's catalogue, and lets go of those that are not
// asked any more.
func (d *Desk) catalogueOf(st string) *catalogue {
	d.cataloguesMu.Lock()
	defer d.cataloguesMu.Unlock()
	now := d.now().UnixMilli()
	k, ok := d.catalogues[st]
	if !ok {
		k = &catalogue{st: st, turn: make(chan struct{}, 1), index: finding.New(), ledger: figures.NewLedger()}
		d.catalogues[st] = k
	}
	k.used.Store(now)
	for {
		var total int64
		var last *catalogue
		for _, o := range d.catalogues {
			total += o.rows.Load()
			if o != k && (last == nil || o.used.Load() < last.used.Load()) {
				last = o
			}
		}
		if last == nil || total <= catalogueRows && now-last.used.Load() <= catalogueIdle.Milliseconds() {
			return k
		}
		delete(d.catalogues, last.st)
	}
}

// catalogued calls f with the station's index as it is now.
func (d *Desk) catalogued(ctx context.Context, st string, f func(*finding.Index)) error {
	return d.withCatalogue(ctx, st, func(k *catalogue) { f(k.index) })
}

// withCatalogue calls f with the station's catalogue as it is now; f may not keep it.
func (d *Desk) withCatalogue(ctx context.Context, st string, f func(*catalogue)) error {
	k := d.catalogueOf(st)
	wait, cancel := context.WithTimeout(ctx, catalogueWait)
	defer cancel()
	for {
		select {
		case k.turn <- struct{}{}:
		case <-wait.Done():
			return fault.New(fault.Unavailable, "正在整理全站的诉求清单，请几秒后再试").Retry(2 * time.Second)
		}
		ready, err := d.inTurn(ctx, k, f)
		if ready || err != nil {
			return err
		}
	}
}

// inTurn goes one step further and calls f if it is ready then. The turn, which the
// caller has, is given back whatever happens: a panic that is survived must not
// keep the station from its lists for ever.
func (d *Desk) inTurn(ctx context.Context, k *catalogue, f func(*catalogue)) (ready bool, err error) {
	defer func() { <-k.turn }()
	if ready, err = d.further(ctx, k); ready {
		f(k)
	}
	return ready, err
}

// further makes a catalogue by one step, or brings one that is made up to date;
// then it is ready. Whoever calls it has the turn. After an error the next call
// goes on where it was.
func (d *Desk) further(ctx context.Context, k *catalogue) (ready bool, err error) {
	if k.place == "" {
		c, err := d.store.Changes(ctx, k.st, "")
		if err != nil {
			return false, err
		}
		k.place = c.Next
	}
	if k.made {
		return d.followUp(ctx, k)
	}
	list, at, more, err := d.records.Page(ctx, k.st, Index{Name: record.All}, k.at, catalogueStep)
	if err != nil {
		return false, err
	}
	k.put(list)
	k.at, k.made = at, !more
	return false, nil
}

func (k *catalogue) put(list []casework.Submission) {
	for _, s := range list {
		k.index.Put(s.ID, s)
		k.ledger.Put(s)
	}
	k.rows.Store(int64(k.index.Len()))
}

// followUp reads what has changed. Where the feed has forgotten some of it, the
// catalogue is made anew.
func (d *Desk) followUp(ctx context.Context, k *catalogue) (ready bool, err error) {
	c, err := d.store.Changes(ctx, k.st, k.place)
	if err != nil {
		return false, err
	}
	if c.Gap {
		k.index, k.ledger, k.place, k.at, k.made, k.marked = finding.New(), figures.NewLedger(), "", Cursor{}, false, false
		return false, nil
	}
	if len(c.IDs) > 0 {
		list, err := d.records.Several(ctx, k.st, c.IDs)
		if err != nil {
			return false, err
		}
		k.put(list)
	}
	if !k.marked {
		if err := mark(ctx, k, finding.Untold, d.store.Untold, func(u record.Untold) string { return u.Submission }); err != nil {
			return false, err
		}
	} else if err := d.remarkUntold(ctx, k, c.IDs); err != nil {
		return false, err
	}
	if !k.marked || len(c.IDs) > 0 {
		if err := mark(ctx, k, finding.Photos, d.store.HeldPhotos, func(p record.HeldPhoto) string { return p.Submission }); err != nil {
			return false, err
		}
	}
	// After an error the same changes are read again.
	k.place, k.marked = c.Next, true
	return true, nil
}

// mark says of all submissions which stand on a list of which they know nothing
// themselves.
func mark[T any](ctx context.Context, k *catalogue, f finding.Flag,
	read func(context.Context, string, Cursor, int) ([]T, Cursor, bool, error), submission func(T) string,
) error {
	var ids []string
	for after, more := (Cursor{}), true; more; {
		list, next, on, err := read(ctx, k.st, after, catalogueStep)
		if err != nil {
			return err
		}
		for _, one := range list {
			ids = append(ids, submission(one))
		}
		after, more = next, on
	}
	k.index.Mark(f, ids)
	return nil
}

// remarkUntold asks for the submissions that changed alone: the list may be long.
func (d *Desk) remarkUntold(ctx context.Context, k *catalogue, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	listed, err := d.store.UntoldAmong(ctx, k.st, ids)
	if err == nil {
		k.index.Remark(finding.Untold, ids, listed)
	}
	return err
}

// want has the station's catalogue made soon, so that whoever asks for its list
// next need not wait. A lost wish harms nothing.
func (d *Desk) want(st string) {
	select {
	case d.wanted <- st:
	default:
	}
}

// catalogueLoop makes the catalogues that are wanted.
func (d *Desk) catalogueLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case st := <-d.wanted:
			if err := d.catalogue(ctx, d.catalogueOf(st)); err != nil && ctx.Err() == nil {
				d.log.WarnContext(ctx, "catalogue not made yet", slog.String("station", st), slog.Any("err", err))
			}
		}
	}
}

// Ready waits until the station's catalogue is made, however long that takes.
// Without it, what is counted or listed first of a large station asks to try again.
func (d *Desk) Ready(ctx context.Context, st string) error {
	return d.catalogue(ctx, d.catalogueOf(st))
}

func (d *Desk) catalogue(ctx context.Context, k *catalogue) error {
	for ready := false; !ready; {
		select {
		case k.turn <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		var err error
		if ready, err = d.inTurn(ctx, k, func(*catalogue) {}); err != nil {
			return err
		}
	}
	return nil
}
