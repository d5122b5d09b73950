package matters

import (
	"context"
	"slices"
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
	// similarSpan is how old submissions in the index may be.
	similarSpan = 365 * 24 * time.Hour
	// maxIndexed is how many of a station's newest submissions are indexed: about 130 MB.
	maxIndexed = 100_000
	// similarIndexTTL is the age at which an index is rebuilt: submissions that have become too old are
	// dropped, and closed ones are marked as such.
	similarIndexTTL = 24 * time.Hour
	// similarRefresh is how long another process's filing may be missing from the index.
	similarRefresh = 5 * time.Second
	// maxOffers is how many submissions are offered.
	maxOffers = 3
	// maxListed is how many submissions the liaison is shown.
	maxListed = 12
)

// similarIndex is one station's index. It is filled at the first query.
type similarIndex struct {
	mu          sync.Mutex
	index       *similar.Index
	newest      casework.Millis // the newest filing in the index
	refreshedAt time.Time
	createdAt   time.Time
}

// similarIndexOf returns the station's index.
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

// findSimilar finds up to n submissions like a text. Filings of other processes within the last seconds may be
// missing.
func (svc *Service) findSimilar(ctx context.Context, st *station.Station, text string, at similar.Spot, n int) ([]similar.Match, error) {
	s := svc.similarIndexOf(st.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := svc.refreshSimilar(ctx, st, s); err != nil {
		return nil, err
	}
	return s.index.Query(text, at, svc.kit.Now(), n), nil
}

// refreshSimilar reads what was filed since the last refresh, newest first. The last minute is read again,
// because the clocks of two machines differ.
func (svc *Service) refreshSimilar(ctx context.Context, st *station.Station, s *similarIndex) error {
	now := svc.kit.Now()
	if !s.refreshedAt.IsZero() && now.Sub(s.refreshedAt) < similarRefresh {
		return nil
	}
	if s.createdAt.IsZero() || now.Sub(s.createdAt) >= similarIndexTTL {
		s.index, s.newest, s.createdAt = similar.New(), 0, now
	}
	until := max(casework.At(now.Add(-similarSpan)), s.newest-60_000)
	newest := s.newest
	for after, more, seen := (record.Cursor{}), true, 0; more && seen < maxIndexed; {
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
	s.newest, s.refreshedAt = newest, now
	return nil
}

// IndexSimilar adds a submission that was just filed here. An index that is being filled is left alone: it
// reads the submission itself, now or at its next refresh.
func (svc *Service) IndexSimilar(st *station.Station, s casework.Submission) {
	index := svc.similarIndexOf(st.ID)
	if !index.mu.TryLock() {
		return
	}
	defer index.mu.Unlock()
	if !index.refreshedAt.IsZero() {
		index.index.Add(DocOf(st, s))
	}
}

// DocOf returns the similarity index's document of a submission.
func DocOf(st *station.Station, s casework.Submission) similar.Doc {
	return similar.Doc{ID: s.ID, Text: s.Text, Spot: SpotOf(st, s.Target, s.Place), At: s.FiledAt.Time(), Closed: !s.State.Open()}
}

// SpotOf returns the location of a submission, for the similarity index.
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

// SimilarSubmission is a submission that a text seems to be about. A visitor's has nobody's words and nobody's
// name.
type SimilarSubmission struct {
	// ID is for staff. A visitor joins by Token.
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
	Following bool   // for staff: one of the two already follows the other
	Near      bool   // for staff: filed at the same code within a week
}

// Sentence describes it in a Chinese sentence.
func (o SimilarSubmission) Sentence() string {
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

// OfferSimilar returns the submissions that a person may join with the text they are writing under a code. The
// text is not kept. The station's liaison, who writes down what somebody says, also reads number and words.
func (svc *Service) OfferSimilar(ctx context.Context, c access.Caller, key, text string, p *casework.Place) ([]SimilarSubmission, error) {
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
	code.Target = st.FilingTarget(code.Target)
	matches, err := svc.findSimilar(ctx, st, text, SpotOf(st, code.Target, p), 4*maxOffers)
	if err != nil {
		return nil, err
	}
	if casework.Runes(text) < minOfferText {
		return nil, nil
	}
	staff := c.Role == access.Liaison && c.Station == st.ID
	score := map[string]float64{}
	var found []casework.Submission
	for _, m := range matches {
		s, err := svc.kit.Records.Load(ctx, m.ID)
		if err == nil && s.Lead != "" {
			s, err = svc.kit.Records.Load(ctx, s.Lead)
		}
		if fault.Is(err, fault.Unavailable) {
			return nil, err
		}
		if err != nil || score[s.ID] > 0 || s.CanLead() != nil || !staff && !shareable(st, s) {
			continue
		}
		score[s.ID] = m.Score
		found = append(found, s)
	}
	if staff {
		rankSimilar(casework.Submission{Target: code.Target, FiledAt: casework.At(svc.kit.Now())}, found, func(id string) float64 { return score[id] })
	}
	var list []SimilarSubmission
	for _, s := range found[:min(maxOffers, len(found))] {
		offer := SimilarSubmissionOf(st, s, score[s.ID])
		if staff {
			offer.Number, offer.Text = s.Number, s.Text
		} else {
			offer.ID = ""
		}
		if offer.Token, err = offerToken(svc.sealer, svc.kit.Now(), c, code.Key, text, s.ID); err != nil {
			return nil, err
		}
		list = append(list, offer)
	}
	return list, nil
}

// SimilarSubmissionOf returns what a person who may join a submission is shown of it.
func SimilarSubmissionOf(st *station.Station, s casework.Submission, score float64) SimilarSubmission {
	o := SimilarSubmission{
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

// Similar lists for the liaison the station's submissions, open or closed, that may be about the same as one of
// them: whatever was filed at its code within a week, and what is alike as a text.
func (svc *Service) Similar(ctx context.Context, c access.Caller, id string) ([]SimilarSubmission, error) {
	x, err := svc.kit.Submission(ctx, c, access.Merge, id)
	if err != nil {
		return nil, err
	}
	s, st := x.Submission(), x.Station()
	matches, err := svc.findSimilar(ctx, st, s.Text, SpotOf(st, s.Target, s.Place), 4*maxOffers)
	if err != nil {
		return nil, err
	}
	found, err := findNear(ctx, svc.listing, st.ID, s)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{s.ID: true}
	found = slices.DeleteFunc(found, func(o casework.Submission) bool { known[o.ID] = true; return o.ID == s.ID })
	score := map[string]float64{}
	for _, m := range matches {
		score[m.ID] = m.Score
		if known[m.ID] {
			continue
		}
		o, err := svc.kit.Records.Load(ctx, m.ID)
		if fault.Is(err, fault.Unavailable) {
			return nil, err
		}
		if err == nil {
			found = append(found, o)
		}
	}
	rankSimilar(s, found, func(id string) float64 { return score[id] })
	list := make([]SimilarSubmission, min(maxListed, len(found)))
	for i := range list {
		o := found[i]
		list[i] = SimilarSubmissionOf(st, o, score[o.ID])
		list[i].Number, list[i].Text, list[i].Following, list[i].Near = o.Number, o.Text, o.Lead == s.ID || s.Lead == o.ID, near(s, o)
	}
	return list, nil
}
