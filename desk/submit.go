package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// Request is a filing as it was sent.
type Request struct {
	// Scene is the scanned key, or the whole address of a plain-link code.
	Scene  string
	Filing casework.Filing
	// PhoneCode is the platform's code for the phone number, instead of a
	// typed one.
	PhoneCode string
	// SameAs is the token of the offer that the filer takes up, "" for none.
	SameAs string `json:",omitempty"`
}

// idempotencyKey is what the contract allows in the header.
var idempotencyKey = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// Submit files. The answer is given after the submission, its place in a
// queue, its deadline and the notice to its member are on disk together. The
// same key with the same body gives the first receipt again.
func (d *Desk) Submit(ctx context.Context, c access.Caller, key string, r Request) (View, error) {
	if c.Person == "" {
		return View{}, access.NoSession()
	}
	code, st, body, err := d.destination(ctx, key, r)
	if err != nil {
		return View{}, err
	}
	a, lead, err := d.prepare(ctx, c, st, code, r)
	if err != nil {
		return d.firstReceipt(ctx, c, st, key, body, err)
	}
	a.Key, a.BodyHash = key, body
	s, replayed, err := d.store.Admit(ctx, a)
	if err != nil {
		return View{}, err
	}
	if r.PhoneCode != "" {
		d.cache.phones.forget(phoneKey(c, r.PhoneCode))
	}
	if replayed {
		return d.receipt(ctx, c, s)
	}
	if lead != "" && s.State == casework.Pooled {
		s = d.follow(ctx, s, lead)
	}
	d.shelve(st, s)
	d.cfg.Observe("filed", string(s.State))
	if s.Assignee != "" || len(a.Alarms) > 0 {
		d.wake(st.ID)
	}
	if s.Alarming() {
		d.cfg.Observe("alarm", "")
	}
	return d.after(ctx, c, st, s), nil
}

// receipt is what a filing that was sent again is answered: what the first receipt
// said, for whoever may still read it. What became of it since is read by its id.
func (d *Desk) receipt(ctx context.Context, c access.Caller, first casework.Submission) (View, error) {
	x, err := d.reach(ctx, c, access.Read, first.ID)
	if err != nil {
		return View{}, err
	}
	if first.Number == "" { // of a receipt that was kept before it said more than the id
		first.Number, first.State = x.s.Number, casework.Pooled
		if x.s.Pick > 0 {
			first.State = casework.Assigned
		}
	}
	return View{Submission: casework.Submission{ID: first.ID, Number: first.Number, State: first.State}, Replayed: true}, nil
}

// filedView adds what is known of the photos. What is filed is filed: a store
// that fails now takes nothing of the receipt.
func (d *Desk) filedView(ctx context.Context, v View) View {
	with, err := d.withPhotos(ctx, v)
	if err != nil {
		d.log.WarnContext(ctx, "photos' states not read", slog.Any("err", err))
		return v
	}
	return with
}

// Receipt finds the receipt a filing was given before; ok is false without one.
func (d *Desk) Receipt(ctx context.Context, c access.Caller, key string, r Request) (v View, ok bool, err error) {
	if c.Person == "" {
		return View{}, false, access.NoSession()
	}
	_, st, body, err := d.destination(ctx, key, r)
	if err != nil {
		return View{}, false, err
	}
	v, err = d.firstReceipt(ctx, c, st, key, body, nil)
	return v, err == nil && v.Replayed, err
}

// destination finds out where a filing goes and what its content is called.
func (d *Desk) destination(ctx context.Context, key string, r Request) (station.Code, *station.Station, string, error) {
	if !idempotencyKey.MatchString(key) {
		return station.Code{}, nil, "", field("Idempotency-Key", "请求头 Idempotency-Key 须为 8 至 64 位字母、数字、下划线或连字符")
	}
	scene, err := station.ParseScene(r.Scene)
	if err != nil {
		return station.Code{}, nil, "", field("scene", "这个码不是本平台的码，请重新扫码")
	}
	code, err := d.code(ctx, scene)
	if fault.Is(err, fault.NotFound) {
		return station.Code{}, nil, "", field("scene", "没有这个码，请重新扫码")
	}
	if err != nil {
		return station.Code{}, nil, "", err
	}
	st, err := d.roster(ctx, code.Station)
	if err != nil {
		return station.Code{}, nil, "", err
	}
	body, err := bodyHash(r)
	if err != nil {
		return station.Code{}, nil, "", err
	}
	return code, st, body, nil
}

// firstReceipt answers a repeated request whose parts can no longer be
// prepared (a phone code works once, a code may be revoked meanwhile).
func (d *Desk) firstReceipt(ctx context.Context, c access.Caller, st *station.Station, key, body string, cause error) (View, error) {
	first, ok, err := d.store.Seen(ctx, st.ID, c.Person, key, body)
	if err != nil {
		return View{}, err // it may have been filed: a fault of the body would be a lie
	}
	if !ok {
		return View{}, cause
	}
	return d.receipt(ctx, c, first)
}

// prepare checks everything and builds the admission, and says which matter it joins,
// "" for none.
func (d *Desk) prepare(ctx context.Context, c access.Caller, st *station.Station, code station.Code, r Request) (a Admission, lead string, err error) {
	now := d.now()
	if code.Revoked {
		return Admission{}, "", field("scene", "这个码已经停用，请联系"+st.Name+"，电话 "+st.Phone)
	}
	f, err := clean(r)
	if err != nil {
		return Admission{}, "", err
	}
	if err := f.Check(st, code.Target, now); err != nil {
		return Admission{}, "", err
	}
	if err := d.owned(ctx, c, f.Photos, "photo", "photos"); err != nil {
		return Admission{}, "", err
	}
	if lead, err = d.chosen(ctx, c, st, code, f, r.SameAs); err != nil {
		return Admission{}, "", err
	}
	if f.Voice != "" {
		if err := d.owned(ctx, c, []string{f.Voice}, "voice", "voice"); err != nil {
			return Admission{}, "", err
		}
	}
	hold, err := d.checkText(ctx, c, readable(f))
	if err != nil {
		return Admission{}, "", err
	}
	if err := d.phone(ctx, c, r, &f); err != nil {
		return Admission{}, "", err
	}
	dangers := casework.Dangers(f.Text)
	var about *casework.Topic
	if f.Category == "" {
		if about = d.topicOf(ctx, st, f.Text, dangers); about != nil && about.Sure {
			f.Category = about.Guesses[0].Category
		}
	}
	s, err := d.build(st, code, c, f, now)
	if err != nil {
		return Admission{}, "", err
	}
	s = s.Endangered(dangers)
	s.Topic = about
	s.Hold = hold
	a = Admission{Hold: hold != "", Code: code.Key, Now: now}
	if s.Decision, err = d.decide(ctx, st, code, c, f, now); err != nil {
		return Admission{}, "", err
	}
	if r.SameAs != "" {
		s.Decision.Candidates, s.Decision.Equals = nil, nil // it goes where the one it joins is
	}
	for _, cand := range s.Decision.Offered() {
		a.Capacities = append(a.Capacities, cand.Capacity)
	}
	if a.NoticeID, err = d.newID(""); err != nil {
		return Admission{}, "", err
	}
	if a.Alarms, err = d.alarms(st, s, casework.Submission{}); err != nil {
		return Admission{}, "", err
	}
	if err := d.visit(ctx, c.Person, st.ID); err != nil {
		return Admission{}, "", err
	}
	a.Submission = s
	return a, lead, d.attach(ctx, s.ID, append(f.Photos, f.Voice)...)
}

// phone turns the platform's phone code into a number. A code works once and
// each costs the station money, so this comes after everything that can be
// wrong, and what it gave is kept for a moment in case the rest fails: until it
// is filed, or five minutes.
func (d *Desk) phone(ctx context.Context, c access.Caller, r Request, f *casework.Filing) error {
	if r.PhoneCode == "" {
		return nil
	}
	phone, err := d.phoneBy(ctx, c, r.PhoneCode)
	f.Phone = phone
	return err
}

func (d *Desk) phoneBy(ctx context.Context, c access.Caller, code string) (string, error) {
	phone, err := d.cache.phones.get(ctx, phoneKey(c, code), func(ctx context.Context, _ string) (string, error) {
		return d.platform.Phone(ctx, code)
	})
	if err != nil {
		return "", err
	}
	return casework.NormalPhone(phone), nil
}

// phoneKey keeps one person's code from giving its number to another.
func phoneKey(c access.Caller, code string) string { return c.Person + " " + code }

// clean tidies what was sent.
func clean(r Request) (casework.Filing, error) {
	f := r.Filing
	f.Text = casework.Clean(f.Text)
	if f.Visitor == "" {
		f.Visitor = casework.Resident
	}
	f.Phone = casework.NormalPhone(f.Phone)
	if r.PhoneCode != "" && f.Phone != "" {
		return f, field("contact.phone_code", "电话号码和授权码只填一个")
	}
	if f.Place != nil {
		p := *f.Place
		p.Text = casework.Clean(p.Text)
		if p.Lat == 0 && p.Lng == 0 {
			p.Coord = "" // of nothing
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

// build makes the value, with phones sealed to its id.
func (d *Desk) build(st *station.Station, code station.Code, c access.Caller, f casework.Filing, now time.Time) (casework.Submission, error) {
	id, err := d.newID(st.ID + "-")
	if err != nil {
		return casework.Submission{}, err
	}
	s := casework.Submission{
		ID: id, Station: st.ID, Filer: c.Person, FiledAt: casework.At(now),
		Kind: f.Kind, Category: f.Category, Visitor: f.Visitor, Text: f.Text, Photos: f.Photos, Voice: f.Voice,
		Place: f.Place, Target: code.Target, Anonymous: f.Anonymous, OnBehalf: f.OnBehalf, Against: f.Against,
		AboutMember: f.AboutMember, Surge: st.Surging(now),
	}
	if cat, ok := routing.Category(st, f); ok {
		s.Category = cat.Key
	}
	if !f.Until.IsZero() {
		s.Until = casework.At(f.Until)
	}
	s = d.clockOf(st, now).Start(s, now)
	if f.Phone != "" {
		s.PhoneMask = casework.MaskPhone(f.Phone)
		if s.Phone, err = d.sealer.Seal(f.Phone, id); err != nil {
			return s, err
		}
	}
	if f.OnBehalf != nil && f.OnBehalf.Phone != "" {
		o := *f.OnBehalf
		if o.Phone, err = d.sealer.Seal(o.Phone, id); err != nil {
			return s, err
		}
		s.OnBehalf = &o
	}
	return s, nil
}

// readable is everything of a filing that others will read.
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

// checkText asks the platform about the text. Anything but a clear pass holds
// the submission for the liaison; a platform that cannot be asked as well, so
// that nothing is dropped and nothing goes round unseen.
func (d *Desk) checkText(ctx context.Context, c access.Caller, text string) (hold string, err error) {
	if text == "" {
		return "", nil
	}
	openid, err := d.openid(ctx, c.Person)
	if err != nil {
		return "", err
	}
	if outside(openid) {
		// The platform checks for its own people only. What others write is read by
		// the member and the staff alone and published nowhere, so it goes on.
		return "", nil
	}
	verdict, err := d.platform.CheckText(ctx, openid, text)
	if err != nil {
		d.log.WarnContext(ctx, "text check failed; submission held", slog.Any("err", err))
		return casework.HoldUnchecked, nil
	}
	switch verdict {
	case Pass:
		return "", nil
	case Risky:
		return casework.HoldRisky, nil
	case Inactive:
		return casework.HoldInactive, nil
	default:
		return casework.HoldReview, nil
	}
}

// openid returns the platform's id of a person; it never leaves the desk but
// towards the platform.
func (d *Desk) openid(ctx context.Context, person string) (string, error) {
	return d.cache.openids.get(ctx, person, func(ctx context.Context, _ string) (string, error) {
		p, err := d.store.Person(ctx, person)
		return p.OpenID, err
	})
}

// bodyHash names a request's content. Equal content in other words of JSON
// (order, spaces) gives an equal hash.
func bodyHash(r Request) (string, error) {
	data, err := json.Marshal(r)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:16]), nil
}

// field is an Invalid fault about one field.
func field(name, message string) error {
	e := fault.New(fault.Invalid, "%s", message)
	e.Fields = []fault.Field{{Field: name, Message: message}}
	return e
}
