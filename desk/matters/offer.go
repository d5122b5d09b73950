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
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/similar"
	"mashang/domain/station"
)

// An offer to join shows a stranger's submission. The person gets no id of it, but a sealed token that is valid
// for some minutes, for that person, code and text.

const (
	// offerTTL is how long an offer can be accepted.
	offerTTL = 15 * time.Minute
	// minOfferText is how many characters a text needs before anything is offered. A word or two describes
	// nothing and would only serve for browsing.
	minOfferText = 8
)

// privateWords mark sectors and categories about somebody's health or faith (个人信息保护法 art. 28). Only a liaison
// lets others join such submissions.
var privateWords = []string{"医药", "卫生", "健康", "看病", "就医", "医疗", "民族", "宗教"}

func isPrivateName(name string) bool {
	return slices.ContainsFunc(privateWords, func(w string) bool { return strings.Contains(name, w) })
}

// isPrivate reports whether a submission belongs to such a sector, by its category or by the member it was
// filed to.
func isPrivate(st *station.Station, category string, t station.Target) bool {
	if cat, ok := st.Category(category); ok && (isPrivateName(cat.Name) || slices.ContainsFunc(cat.Sectors, isPrivateName)) {
		return true
	}
	m, ok := st.Member(t.ID)
	return ok && t.Kind == station.ForMember && isPrivateName(m.Sector)
}

// shareable reports whether a visitor may join the submission, or join others with it: it is no personal affair.
// Others are merged by the liaison.
func shareable(st *station.Station, s casework.Submission) bool {
	return s.Kind != casework.Help && s.Kind != casework.Dispute && !s.Anonymous && s.OnBehalf == nil && !s.AboutMember &&
		len(s.Dangers) == 0 && !isPrivate(st, s.Category, s.Target)
}

// offerContext returns what a token is sealed to.
func offerContext(c access.Caller, key, text string) string {
	sum := sha256.Sum256([]byte(text))
	return "offer " + c.Person + " " + key + " " + base64.RawURLEncoding.EncodeToString(sum[:])
}

// offerToken makes the token of an offer. It reveals nothing of the submission.
func offerToken(sealer Sealer, now time.Time, c access.Caller, key, text, id string) (string, error) {
	until := strconv.FormatInt(now.Add(offerTTL).UnixMilli(), 10)
	return sealer.Seal(id+" "+until, offerContext(c, key, text))
}

// openOfferToken returns the submission of a token that is valid for the caller, code and text; "" for any
// other.
func openOfferToken(sealer Sealer, now time.Time, c access.Caller, key, text, token string) string {
	plain, err := sealer.Open(token, offerContext(c, key, text))
	if err != nil {
		return ""
	}
	id, until, _ := strings.Cut(plain, " ")
	end, err := strconv.ParseInt(until, 10, 64)
	if err != nil || now.After(time.UnixMilli(end)) {
		return ""
	}
	return id
}

// ResolveOffer returns the lead that a filing joins by the token of an offer, "" for no token. Similarity is
// checked again.
func (svc *Service) ResolveOffer(ctx context.Context, c access.Caller, st *station.Station, code station.Code, f casework.Filing, token string) (string, error) {
	if token == "" {
		return "", nil
	}
	refused := kit.Field("same_as", "这个提示已经过期，或内容改过了：请重新选择，或单独提交")
	id := openOfferToken(svc.sealer, svc.kit.Now(), c, code.Key, f.Text, token)
	if id == "" {
		return "", refused
	}
	mine := casework.Submission{
		Kind: f.Kind, Category: f.Category, Anonymous: f.Anonymous, OnBehalf: f.OnBehalf, AboutMember: f.AboutMember, Target: code.Target,
		Dangers: danger.Find(f.Text),
	}
	// A liaison may let join whatever they could merge. A danger keeps its own alarm.
	staff := c.Role == access.Liaison && c.Station == st.ID
	if staff && len(mine.Dangers) > 0 {
		return "", kit.Field("same_as", "写到了危险，要单独登记、先处置：请选“不是同一件”，处置后再并案")
	}
	if !staff && !shareable(st, mine) {
		return "", kit.Field("same_as", "这类诉求单独办理，不和别人的一起：请去掉“同一件事”再提交")
	}
	s, _, err := svc.kit.Load(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && (s.Station != st.ID || s.CanLead() != nil || !staff && !shareable(st, s)) {
		return "", kit.Field("same_as", "没有可以加入的这件诉求，请单独提交")
	}
	if err != nil {
		return "", err
	}
	matches, err := svc.findSimilar(ctx, st, f.Text, SpotOf(st, code.Target, f.Place), 4*maxOffers)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(matches, func(m similar.Match) bool { return m.ID == s.ID || slices.Contains(s.Followers, m.ID) }) {
		return "", refused
	}
	return s.ID, nil
}
