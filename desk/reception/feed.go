package reception

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// feed is the link by which a calendar program reads what its owner may see. Its document's id is derived from the person,
// so that there is one for each, and erasure finds it; the secret half of the link is stored as a hash alone.
type feed struct {
	ID string `json:"-"`
	// Person, Role and Ref are who made it; whoever is not that any more reads nothing by it.
	Person string      `json:"person,omitempty"`
	Role   access.Role `json:"role,omitempty"`
	Ref    string      `json:"ref,omitempty"`
	// Hash is "" once the link was switched off.
	Hash  string `json:"hash,omitempty"`
	Since int64  `json:"since,omitempty"` // UTC milliseconds
	// Asked is the last local date on which a program asked for it, "" for none.
	Asked    string `json:"asked,omitempty"`
	Revision int    `json:"-"`
	// erased deletes the document.
	erased bool
}

// Feeds are the use cases of calendars that programs subscribe to. It is safe for concurrent use.
type Feeds struct {
	kit       *kit.Kit
	docs      *documents
	people    People
	calendars Calendars
}

const (
	// feedIDLength is how much of a person's hash names their feed.
	feedIDLength = 24
	// feedSecret is the random half of a link, in bytes.
	feedSecret = 20
	// maxFeedToken is above the length of any.
	maxFeedToken = 80
	// feedPath is where calendars are served: "<station>/<token>.ics" follows.
	feedPath = "/calendar/"
	// dutyPage is the client's page that an event leads to.
	dutyPage = "/m/pages/duty/index"
)

func feedID(person string) string { return kit.Hash(person)[:feedIDLength] }

func (f feed) of(c access.Caller) bool {
	return f.Hash != "" && f.Person == c.Person && f.Role == c.Role && f.Ref == c.ID
}

// FeedState is what its owner sees of a feed.
type FeedState struct {
	On    bool
	Since time.Time
	// Asked is the last local date on which a program asked for it, "" for none.
	Asked string
}

func stateOf(f feed, c access.Caller) FeedState {
	if !f.of(c) {
		return FeedState{}
	}
	return FeedState{On: true, Since: time.UnixMilli(f.Since), Asked: f.Asked}
}

// feed reads the one with the id; one that does not exist has no hash.
func (docs *documents) feed(ctx context.Context, st, id string) (feed, error) {
	f := feed{ID: id}
	list, err := docs.store.Documents(ctx, st, record.DocumentFeed, id)
	if err != nil || len(list) == 0 {
		return f, err
	}
	if err := json.Unmarshal(list[0].Body, &f); err != nil {
		return f, fault.Wrap(err, fault.Internal, "日历订阅的数据已损坏，请联系管理员核对备份")
	}
	f.Revision = list[0].Revision
	return f, nil
}

// State returns whether the caller has a link to their calendar.
func (x *Feeds) State(ctx context.Context, c access.Caller) (FeedState, error) {
	st, err := x.station(ctx, c)
	if err != nil {
		return FeedState{}, err
	}
	f, err := x.docs.feed(ctx, st.ID, feedID(c.Person))
	return stateOf(f, c), err
}

// Make makes a link to the caller's calendar: a member's own days, for staff all of the station. The link that they
// had leads nowhere from then on. It is returned this once and stored nowhere.
func (x *Feeds) Make(ctx context.Context, c access.Caller) (state FeedState, link string, err error) {
	secret, err := x.kit.Random("", feedSecret)
	if err != nil {
		return FeedState{}, "", err
	}
	f, err := x.change(ctx, c, func(f *feed) {
		*f = feed{
			ID: f.ID, Revision: f.Revision, Person: c.Person, Role: c.Role, Ref: c.ID, Hash: kit.Hash(secret), Since: x.kit.Now().UnixMilli(),
		}
	})
	if err != nil {
		return FeedState{}, "", err
	}
	return stateOf(f, c), x.kit.Config.PublicURL + feedPath + c.Station + "/" + f.ID + "-" + secret + ".ics", nil
}

// End ends the caller's link. Without one it does nothing. The document is emptied and not deleted, so that a reading
// that goes on meanwhile cannot bring it back.
func (x *Feeds) End(ctx context.Context, c access.Caller) error {
	_, err := x.change(ctx, c, func(f *feed) { *f = feed{ID: f.ID, Revision: f.Revision} })
	return err
}

// station returns the station of a caller who may have a feed.
func (x *Feeds) station(ctx context.Context, c access.Caller) (*station.Station, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	st, err := x.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	return st, may(c, access.ReadReception, st, station.Target{})
}

func (x *Feeds) change(ctx context.Context, c access.Caller, do func(*feed)) (feed, error) {
	st, err := x.station(ctx, c)
	if err != nil {
		return feed{}, err
	}
	// Erasure looks at the stations that a person has to do with.
	if err := x.kit.Visit(ctx, c.Person, st.ID); err != nil {
		return feed{}, err
	}
	return x.docs.changeFeed(ctx, st.ID, feedID(c.Person), do)
}

func (docs *documents) changeFeed(ctx context.Context, st, id string, do func(*feed)) (feed, error) {
	for range kit.MaxConflictRetries {
		f, err := docs.feed(ctx, st, id)
		if err != nil {
			return f, err
		}
		if do(&f); f.Hash == "" && f.Revision == 0 {
			return f, nil
		}
		if ok, err := docs.commit(ctx, st, change{feeds: []feed{f}}); ok || err != nil {
			return f, err
		}
	}
	return feed{}, busy()
}

// Read returns the calendar of a link: of whoever made it, as long as they are who they were. Any other token is NotFound.
func (x *Feeds) Read(ctx context.Context, stationID, token string) ([]byte, error) {
	id, secret, ok := strings.Cut(token, "-")
	doc := record.Document{Kind: record.DocumentFeed, ID: id}
	if !ok || len(token) > maxFeedToken || !doc.Valid() {
		return nil, noFeed()
	}
	st, err := x.kit.Roster(ctx, stationID)
	if fault.Is(err, fault.NotFound) {
		return nil, noFeed()
	}
	if err != nil {
		return nil, err
	}
	f, err := x.docs.feed(ctx, st.ID, id)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(f.Hash), []byte(kit.Hash(secret))) != 1 {
		return nil, noFeed()
	}
	c, err := x.people.CallerFor(ctx, f.Person)
	if err == nil && !f.of(c) {
		// Should they be bound again, the old link stays dead.
		_, err = x.docs.changeFeed(ctx, st.ID, id, func(g *feed) {
			if g.Hash == f.Hash {
				*g = feed{ID: g.ID, Revision: g.Revision}
			}
		})
	}
	switch {
	case fault.Is(err, fault.NotFound), err == nil && (!f.of(c) || may(c, access.ReadReception, st, station.Target{}) != nil):
		return nil, noFeed()
	case err != nil:
		return nil, err
	}
	return x.calendar(ctx, c, st, f)
}

func (x *Feeds) calendar(ctx context.Context, c access.Caller, st *station.Station, f feed) ([]byte, error) {
	w, err := x.docs.around(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	now, member := x.kit.Now(), kit.MemberOf(c, st.ID)
	var listed []reception.Day
	for _, d := range w.days {
		if d.InFeed(member, now) {
			listed = append(listed, d)
		}
	}
	booked := map[string]reception.Bookings{}
	if len(listed) > 0 {
		list, err := x.docs.bookingsOf(ctx, st.ID, listed)
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			booked[b.Day] = b
		}
	}
	if today := now.In(station.Zone).Format(time.DateOnly); f.Asked != today {
		f.Asked = today
		// What another changed meanwhile stands, and a store that takes no writes keeps nobody from reading.
		if _, err := x.docs.commit(ctx, st.ID, change{feeds: []feed{f}}); err != nil {
			x.kit.Log.WarnContext(ctx, "reading of a calendar not noted", slog.String("station", st.ID), slog.Any("err", err))
		}
	}
	return x.calendars.Calendar(reception.FeedOf(st, w.days, booked, member, time.UnixMilli(f.Since), now), x.kit.Config.PublicURL+dutyPage)
}

func noFeed() error {
	return fault.New(fault.NotFound, "这个日历订阅已经停用，或者换了链接")
}
