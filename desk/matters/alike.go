package matters

import (
	"context"
	"strconv"
	"sync"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/similar"
	"mashang/domain/station"
)

const (
	// similarSpan is how far back submissions are looked for that speak of the same.
	similarSpan = 365 * 24 * time.Hour
	// alikeMost is how many are read into a station's index, the newest: about 130 MB.
	alikeMost = 100_000
	// similarIndexTTL is how long an index is kept before it is made anew: what is too old
	// by then is forgotten, and what was closed counts as such.
	similarIndexTTL = 24 * time.Hour
	// similarRefresh is how old what is known of other processes' filings may be.
	similarRefresh = 5 * time.Second
	// offersMost is how many are offered.
	offersMost = 3
)

// similarIndex is one station's index, filled when it is first asked.
type similarIndex struct {
	mu     sync.Mutex
	index  *similar.Index
	newest casework.Millis // up to when it has been filled
	read   time.Time
	made   time.Time
}

// similarIndexOf returns the station's shelf.
func (svc *Service) similarIndexOf(st string) *similarIndex {
	svc.similarMu.Lock()
	defer svc.similarMu.Unlock()
	s, ok := svc.similarIndexes[st]
	if !ok {
		s = &similarIndex{index: similar.New()}
		svc.similarIndexes[st] = s
	}
	return s
}

// findSimilar finds up to n submissions like a text. What was filed by other processes
// in the last seconds may be missing.
func (svc *Service) findSimilar(ctx context.Context, st *station.Station, text string, at similar.Spot, n int) ([]similar.Match, error) {
	s := svc.similarIndexOf(st.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := svc.refreshSimilar(ctx, st, s); err != nil {
		return nil, err
	}
	return s.index.Query(text, at, svc.kit.Now(), n), nil
}

// refreshSimilar reads what was filed since the shelf was filled last, newest first. Two
// machines' clocks may differ a little: the last minute is read again.
func (svc *Service) refreshSimilar(ctx context.Context, st *station.Station, s *similarIndex) error {
	now := svc.kit.Now()
	if !s.read.IsZero() && now.Sub(s.read) < similarRefresh {
		return nil
	}
	if s.made.IsZero() || now.Sub(s.made) >= similarIndexTTL {
		s.index, s.newest, s.made = similar.New(), 0, now
	}
	until := max(casework.At(now.Add(-similarSpan)), s.newest-60_000)
	newest := s.newest
	for after, more, seen := (record.Cursor{}), true, 0; more && seen < alikeMost; {
		var list []casework.Submission
		var err error
		if list, after, more, err = svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.All}, after, kit.PageLimit); err != nil {
			return err
		}
		seen += len(list)
		for _, x := range list {
			if x.FiledAt < until {
				more = false
				break
			}
			newest = max(newest, x.FiledAt)
			if !s.index.Has(x.ID) {
				s.index.Add(DocOf(st, x))
			}
		}
	}
	s.newest, s.read = newest, now
	return nil
}

// IndexSimilar makes what was just filed here findable at once. A shelf that is being
// filled reads it itself, now or within the next minute.
func (svc *Service) IndexSimilar(st *station.Station, s casework.Submission) {
	shelf := svc.similarIndexOf(st.ID)
	if !shelf.mu.TryLock() {
		return
	}
	defer shelf.mu.Unlock()
	if !shelf.read.IsZero() {
		shelf.index.Add(DocOf(st, s))
	}
}

// DocOf is what the index of likeness keeps of a submission.
func DocOf(st *station.Station, s casework.Submission) similar.Doc {
	return similar.Doc{ID: s.ID, Text: s.Text, Spot: SpotOf(st, s.Target, s.Place), At: s.FiledAt.Time(), Closed: !s.State.Open()}
}

// SpotOf is where a submission is about, for likeness.
func SpotOf(st *station.Station, t station.Target, p *casework.Place) similar.Spot {
	spot := similar.Spot{Village: st.Village(t)}
	if t.Kind == station.ForPlace || t.Kind == station.ForRoom {
		spot.Code = string(t.Kind) + t.ID
	}
	if p != nil && p.Coord == "gcj02" {
		spot.Lat, spot.Lng = p.Lat, p.Lng
	}
	return spot
}

// SimilarMatter is a matter that a text seems to be about, as anybody may see it:
// nobody's words, nobody's name.
type SimilarMatter struct {
	// ID is for staff; a visitor has the Token to join by.
	ID, Token string
	Kind      casework.Kind
	State     casework.State
	Category  string
	Where     string
	Since     time.Time
	People    int
	Likely    bool
	Number    string // for staff
	Text      string // for staff
	Following bool   // for staff: it follows already
}

// Sentence says it in Chinese.
func (o SimilarMatter) Sentence() string {
	what := o.Category
	if what == "" {
		what = o.Kind.Chinese()
	}
	if o.Where != "" {
		what = o.Where + "的" + what
	}
	who := strconv.Itoa(o.People) + " 人反映过"
	if o.People == 1 {
		who = "有人反映过"
	}
	return o.Since.In(station.Zone).Format("1月2日") + "起" + who + what + "问题，现在“" + o.State.Chinese() + "”。是同一件事就加入，有进展会一起告诉您。"
}

// OfferSimilar are matters like the text that somebody is writing under a code, which
// they may join. The text is not kept.
func (svc *Service) OfferSimilar(ctx context.Context, c access.Caller, key, text string, p *casework.Place) ([]SimilarMatter, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	if text = casework.Clean(text); casework.Runes(text) > casework.MaxText {
		return nil, kit.Field("text", "内容太长，请删减后再试")
	}
	code, err := svc.kit.Code(ctx, key)
	if err != nil {
		return nil, err
	}
	if code.Revoked {
		return nil, fault.New(fault.NotFound, "这个码已经停用")
	}
	st, err := svc.kit.Roster(ctx, code.Station)
	if err != nil {
		return nil, err
	}
	matches, err := svc.findSimilar(ctx, st, text, SpotOf(st, code.Target, p), 4*offersMost)
	if err != nil {
		return nil, err
	}
	if casework.Runes(text) < offerLeast {
		return nil, nil
	}
	var list []SimilarMatter
	seen := map[string]bool{}
	for _, m := range matches {
		s, err := svc.kit.Records.Load(ctx, m.ID)
		if err == nil && s.Lead != "" {
			s, err = svc.kit.Records.Load(ctx, s.Lead)
		}
		if fault.Is(err, fault.Unavailable) {
			return nil, err
		}
		if err != nil || seen[s.ID] || !joinable(st, s) {
			continue
		}
		seen[s.ID] = true
		offer := SimilarMatterOf(st, s, m.Score)
		offer.ID = ""
		if offer.Token, err = svc.offerToken(c, code.Key, text, s.ID); err != nil {
			return nil, err
		}
		if list = append(list, offer); len(list) == offersMost {
			break
		}
	}
	return list, nil
}

// SimilarMatterOf is what of a submission is shown to whoever may join it.
func SimilarMatterOf(st *station.Station, s casework.Submission, score float64) SimilarMatter {
	o := SimilarMatter{
		ID: s.ID, Kind: s.Kind, State: s.State, Since: s.FiledAt.Time(), People: s.People(), Likely: score >= similar.Likely,
	}
	if cat, ok := st.Category(s.Category); ok {
		o.Category = cat.Name
	}
	o.Where, _ = st.Resolve(s.Target)
	if s.Target.Kind == station.ForMember {
		o.Where = st.Village(s.Target)
	}
	return o
}

// Similar lists for the liaison what of their station a submission may be the same
// as, open or closed.
func (svc *Service) Similar(ctx context.Context, c access.Caller, id string) ([]SimilarMatter, error) {
	x, err := svc.kit.Submission(ctx, c, access.Merge, id)
	if err != nil {
		return nil, err
	}
	s, st := x.Submission(), x.Station()
	matches, err := svc.findSimilar(ctx, st, s.Text, SpotOf(st, s.Target, s.Place), 4*offersMost)
	if err != nil {
		return nil, err
	}
	var list []SimilarMatter
	for _, m := range matches {
		if m.ID == s.ID || len(list) == 2*offersMost {
			continue
		}
		o, err := svc.kit.Records.Load(ctx, m.ID)
		if fault.Is(err, fault.Unavailable) {
			return nil, err
		}
		if err != nil {
			continue
		}
		offer := SimilarMatterOf(st, o, m.Score)
		offer.Number, offer.Text, offer.Following = o.Number, o.Text, o.Lead == s.ID || s.Lead == o.ID
		list = append(list, offer)
	}
	return list, nil
}
