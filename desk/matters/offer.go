package matters

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/similar"
	"mashang/domain/station"
)

// What somebody is offered to join is a stranger's. They get no id of it, but a
// token that is good for a few minutes, for the person, the code and the text it was
// made for, and that says nothing to whoever has it.

const (
	// offerLife is how long an offer can be taken.
	offerLife = 15 * time.Minute
	// offerLeast is how many characters a text has before anything is offered: with
	// a word or two somebody looks around, and describes nothing.
	offerLeast = 8
)

// privateWords mark the sectors and categories whose matters are somebody's health or
// faith (个人信息保护法 art. 28): a liaison alone lets others join them.
var privateWords = []string{"医药", "卫生", "健康", "看病", "就医", "医疗", "民族", "宗教"}

func isPrivateName(name string) bool {
	return slices.ContainsFunc(privateWords, func(w string) bool { return strings.Contains(name, w) })
}

// isPrivate reports whether a matter belongs to such a sector: by its category, or by
// whom it was filed to.
func isPrivate(st *station.Station, category string, t station.Target) bool {
	if cat, ok := st.Category(category); ok && (isPrivateName(cat.Name) || slices.ContainsFunc(cat.Sectors, isPrivateName)) {
		return true
	}
	m, ok := st.Member(t.ID)
	return ok && t.Kind == station.ForMember && isPrivateName(m.Sector)
}

// joinable answers whether a visitor may join it: what is open to be seen as a
// matter, not somebody's own affair. The liaison merges the others.
func joinable(st *station.Station, s casework.Submission) bool {
	return s.CanLead() == nil && common(st, s)
}

// common reports whether a matter is one that others can have as well.
func common(st *station.Station, s casework.Submission) bool {
	return s.Kind != casework.Help && s.Kind != casework.Dispute && !s.Anonymous && s.OnBehalf == nil && !s.AboutMember &&
		len(s.Dangers) == 0 && !isPrivate(st, s.Category, s.Target)
}

// offerBound is what a token is bound to.
func offerBound(c access.Caller, key, text string) string {
	sum := sha256.Sum256([]byte(text))
	return "offer " + c.Person + " " + key + " " + base64.RawURLEncoding.EncodeToString(sum[:])
}

// offerToken names a matter to nobody but offered.
func (svc *Service) offerToken(c access.Caller, key, text, id string) (string, error) {
	until := strconv.FormatInt(svc.kit.Now().Add(offerLife).UnixMilli(), 10)
	return svc.sealer.Seal(id+" "+until, offerBound(c, key, text))
}

// openOfferToken is the matter of a token that is good for the caller, the code and the
// text, "" for any other.
func (svc *Service) openOfferToken(c access.Caller, key, text, token string) string {
	plain, err := svc.sealer.Open(token, offerBound(c, key, text))
	if err != nil {
		return ""
	}
	id, until, _ := strings.Cut(plain, " ")
	end, err := strconv.ParseInt(until, 10, 64)
	if err != nil || svc.kit.Now().After(time.UnixMilli(end)) {
		return ""
	}
	return id
}

// ResolveOffer is the lead that a filing joins by the offer it names, "" for none. How
// alike the two are is looked at again.
func (svc *Service) ResolveOffer(ctx context.Context, c access.Caller, st *station.Station, code station.Code, f casework.Filing, token string) (string, error) {
	if token == "" {
		return "", nil
	}
	refused := kit.Field("same_as", "这个提示已经过期，或内容改过了：请重新选择，或单独提交")
	id := svc.openOfferToken(c, code.Key, f.Text, token)
	if id == "" {
		return "", refused
	}
	mine := casework.Submission{
		Kind: f.Kind, Category: f.Category, Anonymous: f.Anonymous, OnBehalf: f.OnBehalf, AboutMember: f.AboutMember, Target: code.Target,
		Dangers: casework.Dangers(f.Text),
	}
	if f.OnBehalf != nil && c.Role == access.Liaison && c.Station == st.ID {
		mine.OnBehalf = nil // a liaison may let it join
	}
	if !common(st, mine) {
		return "", kit.Field("same_as", "这类诉求单独办理，不和别人的一起：请去掉“同一件事”再提交")
	}
	s, _, err := svc.kit.Load(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && (s.Station != st.ID || !joinable(st, s)) {
		return "", kit.Field("same_as", "没有可以加入的这件诉求，请单独提交")
	}
	if err != nil {
		return "", err
	}
	matches, err := svc.findSimilar(ctx, st, f.Text, SpotOf(st, code.Target, f.Place), 4*offersMost)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(matches, func(m similar.Match) bool { return m.ID == s.ID || slices.Contains(s.Followers, m.ID) }) {
		return "", refused
	}
	return s.ID, nil
}
