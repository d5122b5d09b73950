package filing

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// Request is a filing as sent.
type Request struct {
	// Scene is the scanned key, or the whole address of a plain-link code.
	Scene  string
	Filing casework.Filing
	// PhoneCode is the platform's code for the phone number, instead of a typed number.
	PhoneCode string
	// SameAs is the token of the offer that the filer accepts, "" for none.
	SameAs string `json:",omitempty"`
}

// idempotencyKey is the form of the Idempotency-Key header.
var idempotencyKey = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// Submit files a submission. It returns after the submission, its place in a queue, its deadline and the notice
// to its member are on disk together. The same key with the same body returns the first receipt.
func (svc *Service) Submit(ctx context.Context, c access.Caller, key string, r Request) (matters.View, error) {
	if c.Person == "" {
		return matters.View{}, access.NoSession()
	}
	code, st, body, err := svc.destination(ctx, key, r)
	if err != nil {
		return matters.View{}, err
	}
	a, lead, err := svc.prepare(ctx, c, st, code, r)
	if err != nil {
		return svc.firstReceipt(ctx, c, st, key, body, err)
	}
	a.Key, a.BodyHash = key, body
	s, replayed, err := svc.store.Admit(ctx, a)
	if err != nil {
		return matters.View{}, err
	}
	if r.PhoneCode != "" {
		svc.kit.Cache.Phones.Forget(identity.PhoneKey(c, r.PhoneCode))
	}
	if replayed {
		return svc.receipt(ctx, c, s)
	}
	if lead != "" && s.State == casework.Pooled {
		s = svc.matters.JoinLead(ctx, s, lead)
	}
	svc.matters.IndexSimilar(st, s)
	svc.kit.Config.Observe("filed", string(s.State))
	if s.Assignee != "" || len(a.Alarms) > 0 {
		svc.kit.Wake(st.ID)
	}
	if s.HasOpenDanger() {
		svc.kit.Config.Observe("alarm", "")
	}
	return svc.matters.After(ctx, c, st, s), nil
}

// receipt answers a repeated filing with what the first receipt said, if the caller may still read the
// submission. Its present state is read by its id.
func (svc *Service) receipt(ctx context.Context, c access.Caller, first casework.Submission) (matters.View, error) {
	x, err := svc.kit.Submission(ctx, c, access.Read, first.ID)
	if err != nil {
		return matters.View{}, err
	}
	if first.Number == "" { // a receipt of an older version, which has the id alone
		first.Number, first.State = x.Submission().Number, casework.Pooled
		if x.Submission().Pick > 0 {
			first.State = casework.Assigned
		}
	}
	return matters.View{Submission: casework.Submission{ID: first.ID, Number: first.Number, State: first.State}, Replayed: true}, nil
}

// Receipt finds the first receipt of a filing; ok is false without one.
func (svc *Service) Receipt(ctx context.Context, c access.Caller, key string, r Request) (v matters.View, ok bool, err error) {
	if c.Person == "" {
		return matters.View{}, false, access.NoSession()
	}
	_, st, body, err := svc.destination(ctx, key, r)
	if err != nil {
		return matters.View{}, false, err
	}
	v, err = svc.firstReceipt(ctx, c, st, key, body, nil)
	return v, err == nil && v.Replayed, err
}

// destination resolves the code and station of a filing, and hashes its content. The code's target is the one that the
// filing is under.
func (svc *Service) destination(ctx context.Context, key string, r Request) (station.Code, *station.Station, string, error) {
	if !idempotencyKey.MatchString(key) {
		return station.Code{}, nil, "", kit.Field("Idempotency-Key", "请求头 Idempotency-Key 须为 8 至 64 位字母、数字、下划线或连字符")
	}
	scene, err := station.ParseScene(r.Scene)
	if err != nil {
		return station.Code{}, nil, "", kit.Field("scene", "这个码不是本平台的码，请重新扫码")
	}
	code, err := svc.kit.Code(ctx, scene)
	if fault.Is(err, fault.NotFound) {
		return station.Code{}, nil, "", kit.Field("scene", "没有这个码，请重新扫码")
	}
	if err != nil {
		return station.Code{}, nil, "", err
	}
	st, err := svc.kit.Roster(ctx, code.Station)
	if err != nil {
		return station.Code{}, nil, "", err
	}
	body, err := bodyHash(r)
	if err != nil {
		return station.Code{}, nil, "", err
	}
	code.Target = st.FilingTarget(code.Target)
	return code, st, body, nil
}

// firstReceipt answers a repeated request that can no longer be prepared: a phone code works once, and a code
// may have been revoked. Without an earlier receipt it returns cause.
func (svc *Service) firstReceipt(ctx context.Context, c access.Caller, st *station.Station, key, body string, cause error) (matters.View, error) {
	first, ok, err := svc.store.FindReceipt(ctx, st.ID, c.Person, key, body)
	if err != nil {
		return matters.View{}, err // it may have been filed: reporting a fault of the body would be wrong
	}
	if !ok {
		return matters.View{}, cause
	}
	return svc.receipt(ctx, c, first)
}

// prepare checks a filing and builds its admission. lead is the submission that it joins, "" for none.
func (svc *Service) prepare(ctx context.Context, c access.Caller, st *station.Station, code station.Code, r Request) (a record.Admission, lead string, err error) {
	now := svc.kit.Now()
	if code.Revoked {
		return record.Admission{}, "", kit.Field("scene", "这个码已经停用，请联系"+st.Name+"，电话 "+st.Phone)
	}
	f, err := clean(r)
	if err != nil {
		return record.Admission{}, "", err
	}
	if err := f.Check(st, code.Target, now); err != nil {
		return record.Admission{}, "", err
	}
	if f.Intake != nil && (c.Role != access.Liaison || c.Station != st.ID) {
		return record.Admission{}, "", kit.Field("intake", "只有工作站的联络员可以登记来电、来访和接待")
	}
	if err := svc.uploads.CheckOwned(ctx, c, f.Photos, "photo", "photos"); err != nil {
		return record.Admission{}, "", err
	}
	if lead, err = svc.matters.ResolveOffer(ctx, c, st, code, f, r.SameAs); err != nil {
		return record.Admission{}, "", err
	}
	if f.Voice != "" {
		if err := svc.uploads.CheckOwned(ctx, c, []string{f.Voice}, "voice", "voice"); err != nil {
			return record.Admission{}, "", err
		}
	}
	hold, err := svc.uploads.CheckText(ctx, c, readable(f))
	if err != nil {
		return record.Admission{}, "", err
	}
	if err := svc.phone(ctx, c, r, &f); err != nil {
		return record.Admission{}, "", err
	}
	dangers := danger.Find(f.Text)
	var classification *casework.Classification
	if f.Category == "" {
		if classification = svc.matters.Classify(ctx, st, f.Text, dangers); classification != nil && classification.Sure {
			f.Category = classification.Guesses[0].Category
		}
	}
	s, err := svc.build(st, code, c, f, now)
	if err != nil {
		return record.Admission{}, "", err
	}
	s = s.WithDangers(dangers)
	s.Classification = classification
	s.Hold = hold
	a = record.Admission{Hold: hold != "", Code: code.Key, Now: now}
	if s.Decision, err = svc.matters.Decide(ctx, st, code, c, f, now); err != nil {
		return record.Admission{}, "", err
	}
	if r.SameAs != "" {
		s.Decision.Candidates, s.Decision.Ties = nil, nil // it goes to whoever has its lead
	}
	for _, cand := range s.Decision.Offered() {
		a.Capacities = append(a.Capacities, cand.Capacity)
	}
	if a.NoticeID, err = svc.kit.NewID(""); err != nil {
		return record.Admission{}, "", err
	}
	if a.Alarms, err = svc.matters.AlarmEntries(st, s, casework.Submission{}); err != nil {
		return record.Admission{}, "", err
	}
	if err := svc.kit.Visit(ctx, c.Person, st.ID); err != nil {
		return record.Admission{}, "", err
	}
	a.Submission = s
	return a, lead, svc.uploads.Attach(ctx, s.ID, append(f.Photos, f.Voice)...)
}

// phone exchanges the platform's phone code for a number. A code works once and costs the station money, so
// this is the last check. The number is cached until the filing succeeds, or five minutes, in case a later step
// fails.
func (svc *Service) phone(ctx context.Context, c access.Caller, r Request, f *casework.Filing) error {
	if r.PhoneCode == "" {
		return nil
	}
	phone, err := svc.identity.PhoneBy(ctx, c, r.PhoneCode)
	f.Phone = phone
	return err
}

// clean normalizes a filing.
func clean(r Request) (casework.Filing, error) {
	f := r.Filing
	f.Text = casework.Clean(f.Text)
	if f.Visitor == "" {
		f.Visitor = casework.Resident
	}
	f.Phone = casework.NormalPhone(f.Phone)
	if r.PhoneCode != "" && f.Phone != "" {
		return f, kit.Field("contact.phone_code", "电话号码和授权码只填一个")
	}
	if f.Place != nil {
		p := *f.Place
		p.Text = casework.Clean(p.Text)
		if p.Lat == 0 && p.Lng == 0 {
			p.Coord = "" // a zero point is no place
		}
		if f.Place = &p; p == (casework.Place{}) {
			f.Place = nil
		}
	}
	if f.OnBehalf != nil {
		o := *f.OnBehalf
		o.Name, o.Relation, o.Phone = casework.Clean(o.Name), casework.Clean(o.Relation), casework.NormalPhone(o.Phone)
		f.OnBehalf = &o
	}
	if f.Against != nil {
		a := *f.Against
		a.Name, a.Place = casework.Clean(a.Name), casework.Clean(a.Place)
		f.Against = &a
	}
	return f, nil
}

// build makes the submission, with phones sealed to its id.
func (svc *Service) build(st *station.Station, code station.Code, c access.Caller, f casework.Filing, now time.Time) (casework.Submission, error) {
	id, err := svc.kit.NewID(st.ID + "-")
	if err != nil {
		return casework.Submission{}, err
	}
	s := casework.Submission{
		ID: id, Station: st.ID, Filer: c.Person, FiledAt: casework.At(now),
		Kind: f.Kind, Category: f.Category, Visitor: f.Visitor, Text: f.Text, Photos: f.Photos, Voice: f.Voice,
		Place: f.Place, Target: code.Target, Anonymous: f.Anonymous, OnBehalf: f.OnBehalf, Against: f.Against,
		AboutMember: f.AboutMember, Intake: f.Intake, Surge: st.Surging(now),
	}
	if cat, ok := routing.Category(st, f); ok {
		s.Category = cat.Key
	}
	if !f.Until.IsZero() {
		s.Until = casework.At(f.Until)
	}
	s = svc.kit.ClockOf(st, now).Start(s, now)
	if f.Phone != "" {
		s.PhoneMask = casework.MaskPhone(f.Phone)
		if s.Phone, err = svc.sealer.Seal(f.Phone, id); err != nil {
			return s, err
		}
	}
	if f.OnBehalf != nil && f.OnBehalf.Phone != "" {
		o := *f.OnBehalf
		if o.Phone, err = svc.sealer.Seal(o.Phone, id); err != nil {
			return s, err
		}
		s.OnBehalf = &o
	}
	return s, nil
}

// readable returns all text of a filing that others will read.
func readable(f casework.Filing) string {
	parts := []string{f.Text}
	if f.Place != nil {
		parts = append(parts, f.Place.Text)
	}
	if f.Against != nil {
		parts = append(parts, f.Against.Name, f.Against.Place)
	}
	if f.OnBehalf != nil {
		parts = append(parts, f.OnBehalf.Name, f.OnBehalf.Relation)
	}
	return casework.Clean(strings.Join(parts, "\n"))
}

// bodyHash hashes a request's content. Other JSON order or spacing does not change it.
func bodyHash(r Request) (string, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:16]), nil
}
