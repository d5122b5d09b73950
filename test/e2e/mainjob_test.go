package e2e_test

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	plantedPhone = "13900012345"
	plantedText  = "停车场多收了二十元停车费，票也不给"
)

// mainJob is the state of one walk through the whole main job.
type mainJob struct {
	*testing.T
	site             *site
	cast             wireCast
	visitor, member  *phone
	stranger, other  *phone
	liaison          *phone
	code             wireCode
	sub              wireSubmission
	photo            wireUpload
	memberName       string
	reply, progress  string // templates
	closed, newcomer string
	message          string
}

// TestMainJob walks from the scanned code to the closed matter, and tries at
// each step what must not be possible.
func TestMainJob(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	cast := s.cast()
	j := &mainJob{
		T: t, site: s, cast: cast, visitor: s.person("tourist-mainjob-1"), stranger: s.user("stranger-mainjob-1"),
		liaison: s.liaison(cast), reply: cast.template(t, "visitor_reply"), progress: cast.template(t, "visitor_progress"),
		closed: cast.template(t, "visitor_closed"), newcomer: cast.template(t, "member_new"), message: cast.template(t, "member_message"),
	}
	s.secret("a phone number", plantedPhone)
	s.secret("the text of a submission", plantedText)
	for _, step := range []func(){j.scan, j.upload, j.file, j.again, j.told, j.walls, j.accept, j.ask, j.answer, j.replyWithPhoto, j.close, j.rate, j.reopen, j.end, j.staff} {
		step()
		if t.Failed() {
			return
		}
	}
}

func (j *mainJob) scan() {
	// A car park: whoever is on duty there is of the sector that a tourist's matter
	// goes to, which is not so at the medical point.
	i := slices.IndexFunc(j.cast.Codes, func(c castCode) bool { return c.Name == "东岸停车场" })
	if i < 0 {
		j.Fatal("no car park in the cast")
	}
	place := j.cast.Codes[i]
	a, err := ask(j.Context(), http.MethodGet, j.site.Base+"/api/v1/codes/"+place.Key, "", nil, nil)
	if err != nil {
		j.Fatal(err)
	}
	j.visitor.wants(http.StatusOK, a, &j.code)
	if j.code.Kind != "place" || j.code.Name != place.Name || j.code.Station.Phone == "" || len(j.code.OnDuty) == 0 ||
		len(j.code.Categories) == 0 || !slices.Contains(j.code.Kinds, "complaint") {
		j.Errorf("a place's code shows too little: %v", a)
	}
	for _, d := range j.code.OnDuty {
		if now := time.Now(); now.Before(d.From) || now.After(d.To) {
			j.Errorf("on duty now from %v to %v", d.From, d.To)
		}
	}
	for _, scene := range []string{place.Key, j.site.Base + "/q/" + place.Key} {
		o := j.visitor.login(scene)
		if o.Target == nil || o.Target.Key != place.Key || o.TargetError != "" || o.User.Role != "visitor" {
			j.Errorf("scene %q opened %+v", scene, o)
		}
		if !o.ExpiresAt.After(time.Now()) {
			j.Errorf("a session that ended at %v", o.ExpiresAt)
		}
	}
	if o := j.visitor.login("zzzzzzzz"); o.Target != nil || o.TargetError != "unknown" {
		j.Errorf("an unknown scene opened %+v", o)
	}
	for _, what := range []string{"/qr.png", "/qr.svg", "/wxacode"} {
		a, err := ask(j.Context(), http.MethodGet, j.site.Base+"/api/v1/codes/"+place.Key+what, "", nil, nil)
		if err != nil || a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "image/") {
			j.Errorf("%s: %v %d %s", what, err, a.status, a.header.Get("Content-Type"))
		}
	}
	if a, err := ask(j.Context(), http.MethodGet, j.site.Base+"/q/"+place.Key, "", nil, nil); err != nil ||
		a.status != http.StatusOK || !bytes.Contains(a.body, []byte(place.Name)) {
		j.Errorf("the page of a scanned code: %v %v", err, a)
	}
	if a, err := ask(j.Context(), http.MethodGet, j.site.Base+"/q/zzzzzzzz", "", nil, nil); err != nil ||
		!bytes.Contains(a.body, []byte(j.code.Station.Name)) {
		j.Errorf("the page of an unknown code offers no station: %v %v", err, a)
	}
}

func (j *mainJob) upload() {
	j.photo = j.visitor.uploaded("IMG_0001.jpg", photo(j.T, 1))
	if j.photo.Kind != "photo" || j.photo.Width != 640 || j.photo.Height != 480 {
		j.Errorf("upload: %+v", j.photo)
	}
	for name, data := range map[string][]byte{"a.gif": []byte("GIF89a nothing"), "empty.jpg": {}, "x.heic": []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")} {
		a, err := j.visitor.upload(j.Context(), name, data)
		if err != nil {
			j.Fatal(err)
		}
		var p wireProblem
		j.visitor.wants(http.StatusUnprocessableEntity, a, &p)
		j.visitor.wellFormed(a, p, "invalid")
	}
	if a, err := j.site.person("nobody-mainjob").upload(j.Context(), "a.jpg", photo(j.T, 2)); err != nil || a.status != http.StatusUnauthorized {
		j.Errorf("an upload without a session: %v %v", err, a)
	}
}

func (j *mainJob) filing() object {
	return object{
		"scene": j.code.Key, "kind": "complaint", "visitor": "tourist", "text": plantedText,
		"photos": []string{j.photo.ID}, "place": object{"text": "东门口", "lat": 36.06, "lng": 103.79, "coord": "gcj02"},
		"contact": object{"phone": plantedPhone}, "until": time.Now().Add(20 * time.Hour).Format(time.RFC3339),
		"against": object{"name": "某停车场", "amount_fen": 2000},
	}
}

func (j *mainJob) file() {
	good := j.filing()
	for what, tc := range map[string]struct {
		key, code string
		status    int
		body      any
	}{
		"no key":        {"", "invalid", 422, good},
		"a short key":   {"1234567", "invalid", 422, good},
		"no kind":       {"mainjob-bad-1", "invalid", 422, object{"scene": j.code.Key, "text": "好"}},
		"a strange one": {"mainjob-bad-2", "invalid", 422, object{"scene": j.code.Key, "kind": "praise", "text": "好"}},
		"no text":       {"mainjob-bad-3", "invalid", 422, object{"scene": j.code.Key, "kind": "help", "text": "  "}},
		"too long":      {"mainjob-bad-4", "invalid", 422, object{"scene": j.code.Key, "kind": "help", "text": strings.Repeat("长", 2001)}},
		"unknown scene": {"mainjob-bad-5", "invalid", 422, object{"scene": "zzzzzzzz", "kind": "help", "text": "好"}},
		"unknown field": {"mainjob-bad-6", "invalid", 422, object{"scene": j.code.Key, "kind": "help", "text": "好", "state": "closed"}},
		"a bad phone":   {"mainjob-bad-7", "invalid", 422, object{"scene": j.code.Key, "kind": "help", "text": "好", "contact": object{"phone": "12"}}},
		"no such photo": {"mainjob-bad-8", "invalid", 422, object{"scene": j.code.Key, "kind": "help", "text": "好", "photos": []string{"nonesuch"}}},
		"broken JSON":   {"mainjob-bad-9", "", 400, []byte(`{"scene":`)},
	} {
		a, err := j.visitor.file(j.Context(), tc.key, tc.body)
		if err != nil {
			j.Fatal(err)
		}
		var p wireProblem
		if a.status != tc.status {
			j.Errorf("%s: want %d: %v", what, tc.status, a)
			continue
		}
		if err := a.into(&p); err != nil {
			j.Fatal(err)
		}
		j.visitor.wellFormed(a, p, tc.code)
	}
	j.sub = j.visitor.filed("mainjob-key-0001", good)
	s := j.sub
	if s.State != "assigned" || s.Assignee == nil || s.Kind != "complaint" || s.Version < 1 || len(s.Reasons) == 0 || !chinese(s.Reasons[0]) {
		j.Fatalf("filed: %+v", s)
	}
	if !regexp.MustCompile(`^[0-9]{6}-[0-9]{4,}$`).MatchString(s.Number) || !strings.HasPrefix(s.ID, s.Station) {
		j.Errorf("number %q, id %q", s.Number, s.ID)
	}
	if late := s.DueAt.Sub(s.FiledAt); late <= 0 || late > 24*time.Hour {
		j.Errorf("a tourist waits %v", late)
	}
	if _, offset := s.FiledAt.Zone(); offset != 8*3600 {
		j.Errorf("filed at %v: not +08:00", s.FiledAt)
	}
	if !slices.ContainsFunc(j.code.OnDuty, func(d wireDuty) bool { return d.Member.ID == s.Assignee.ID }) {
		j.Errorf("went to %+v, who is not on duty: %+v", s.Assignee, j.code.OnDuty)
	}
	m := j.cast.member(j.T, s.Assignee.ID)
	j.member, j.memberName = j.site.user(m.OpenID), m.Name
	j.other = j.site.user(j.cast.other(j.T, m.ID).OpenID)
	if j.member.User.Role != "member" || j.member.User.MemberID != m.ID {
		j.Errorf("the member is %+v", j.member.User)
	}
}

func (j *mainJob) again() {
	body := j.filing()
	delete(body, "until")
	body["anonymous"] = true
	first := j.visitor.filed("mainjob-key-0002", body)
	second := j.visitor.filed("mainjob-key-0002", body)
	if first.ID != second.ID || first.Number != second.Number {
		j.Errorf("the same key filed %s and %s", first.Number, second.Number)
	}
	body["text"] = "另一件事"
	a, err := j.visitor.file(j.Context(), "mainjob-key-0002", body)
	if err != nil {
		j.Fatal(err)
	}
	var p wireProblem
	j.visitor.wants(http.StatusUnprocessableEntity, a, &p)
	j.visitor.wellFormed(a, p, "idempotency_mismatch")
	// Another person's key is another key.
	a, err = j.member.do(j.Context(), http.MethodGet, "/submissions/"+first.ID, nil)
	if err != nil || first.assignee() == j.sub.assignee() && bytes.Contains(a.body, []byte("139")) {
		j.Errorf("the member sees a trace of somebody who stays unnamed: %v %v", err, a)
	}
	other := j.stranger.filed("mainjob-key-0002", object{"scene": j.code.Key, "kind": "inquiry", "text": "几点开门"})
	if other.ID == first.ID {
		j.Error("two people share a key")
	}
	if got := j.visitor.act(first.ID, "withdraw", object{"reason": "提错了"}); got.State != "withdrawn" {
		j.Errorf("withdrawn: %+v", got)
	}
	j.stranger.act(other.ID, "withdraw", object{})
	if n := len(all[wireSubmission](j.visitor, "/submissions", 1)); n != 2 {
		j.Errorf("%d submissions of mine, want 2", n)
	}
}

func (j *mainJob) told() {
	eventually(j.T, "the notice to the member", func() error {
		if j.member.told(j.newcomer, j.sub.Number) == 0 {
			return errNotYet
		}
		return nil
	})
	if n := j.member.told(j.newcomer, j.sub.Number); n != 1 {
		j.Errorf("told %d times", n)
	}
	for _, m := range j.member.messages() {
		if m.says(j.sub.Number) && !strings.Contains(m.Page, j.sub.ID) {
			j.Errorf("the notice leads to %q", m.Page)
		}
	}
}

// walls are the refusals of a fresh submission.
func (j *mainJob) walls() {
	path := "/submissions/" + j.sub.ID
	v := object{"version": j.sub.Version}
	nobody := j.site.person("nobody-mainjob")
	nobody.refusal(http.StatusUnauthorized, "unauthenticated", http.MethodGet, path, nil)
	forged := j.site.person("forger-mainjob")
	forged.Token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	forged.refusal(http.StatusUnauthorized, "unauthenticated", http.MethodGet, path, nil)
	for _, p := range []*phone{j.stranger, j.other} {
		p.refusal(http.StatusNotFound, "not_found", http.MethodGet, path, nil)
		p.refusal(http.StatusNotFound, "not_found", http.MethodPost, path+"/withdraw", object{})
		p.call(http.StatusNotFound, http.MethodGet, "/uploads/"+j.photo.ID, nil, nil)
	}
	j.other.refusal(http.StatusNotFound, "not_found", http.MethodPost, path+"/accept", v)
	j.visitor.refusal(http.StatusForbidden, "denied", http.MethodPost, path+"/accept", v)
	j.stranger.refusal(http.StatusForbidden, "denied", http.MethodPost, path+"/accept", v)
	j.member.refusal(http.StatusForbidden, "denied", http.MethodPost, path+"/rate", object{"version": j.sub.Version, "solved": "solved"})
	j.other.refusal(http.StatusNotFound, "not_found", http.MethodPost, path+"/phone", object{"reason": "联系"})
	j.visitor.refusal(http.StatusForbidden, "denied", http.MethodPost, path+"/phone", object{"reason": "联系"})
	j.member.refusal(http.StatusForbidden, "denied", http.MethodGet, "/pool", nil)
	j.visitor.refusal(http.StatusForbidden, "denied", http.MethodGet, "/inbox", nil)
	j.visitor.refusal(http.StatusForbidden, "denied", http.MethodGet, "/station/submissions", nil)
	j.visitor.refusal(http.StatusNotFound, "not_found", http.MethodGet, "/submissions/"+j.sub.Station+"-nonesuch", nil)
	j.visitor.refusal(http.StatusUnprocessableEntity, "wrong_state", http.MethodPost, path+"/rate", object{"version": j.sub.Version, "solved": "solved"})
	j.visitor.refusal(http.StatusUnprocessableEntity, "wrong_state", http.MethodPost, path+"/reopen", object{"version": j.sub.Version, "reason": "没有解决"})
	j.member.refusal(http.StatusUnprocessableEntity, "wrong_state", http.MethodPost, path+"/close",
		object{"version": j.sub.Version, "outcome": "solved", "text": "好了"})
	j.member.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, path+"/accept", object{})
	a := j.member.call(http.StatusOK, http.MethodGet, path, nil, nil)
	if bytes.Contains(a.body, []byte(plantedPhone)) || !bytes.Contains(a.body, []byte("139****2345")) {
		j.Errorf("the member sees the phone: %v", a)
	}
	if !slices.ContainsFunc(all[wireSubmission](j.member, "/inbox", 100), func(s wireSubmission) bool { return s.ID == j.sub.ID }) {
		j.Error("not in the member's inbox")
	}
	for _, what := range []string{"", "/thumb"} {
		for _, p := range []*phone{j.visitor, j.member, j.liaison} {
			bare(j.T, p.call(http.StatusOK, http.MethodGet, "/uploads/"+j.photo.ID+what, nil, nil).body)
		}
	}
	if got := j.member.read(j.sub.ID).Version; got != j.sub.Version {
		j.Errorf("reading and telling raised the version to %d", got)
	}
}

func (j *mainJob) accept() {
	seen := j.sub.Version
	j.sub = j.member.act(j.sub.ID, "accept", object{"version": seen})
	if j.sub.State != "accepted" || j.sub.Version != seen+1 {
		j.Errorf("accepted: %+v", j.sub)
	}
	path := "/submissions/" + j.sub.ID
	j.member.refusal(http.StatusUnprocessableEntity, "wrong_state", http.MethodPost, path+"/accept", object{"version": j.sub.Version})
	p := j.member.refusal(http.StatusConflict, "conflict", http.MethodPost, path+"/reply", object{"version": seen, "text": "晚了"})
	if p.ActedBy == nil || p.ActedBy.Role != "member" || p.ActedBy.Name != j.memberName || p.Version != j.sub.Version ||
		time.Since(p.ActedAt).Abs() > time.Minute {
		j.Errorf("the conflict names %+v at %v, version %d", p.ActedBy, p.ActedAt, p.Version)
	}
	if n := len(j.visitor.messages()); n != 0 {
		j.Errorf("%d notices without any consent", n)
	}
}

func (j *mainJob) ask() {
	for _, template := range []string{j.reply, j.closed, j.progress} {
		j.visitor.call(http.StatusOK, http.MethodPost, "/subscriptions", object{"grants": []object{{"template_id": template, "result": "reject"}}}, nil)
		j.visitor.grant(template, 5)
	}
	j.sub = j.member.act(j.sub.ID, "ask", object{"version": j.sub.Version, "text": "请问车牌号是多少？"})
	if j.sub.State != "waiting" {
		j.Errorf("asked: %+v", j.sub)
	}
	j.noticed(j.visitor, j.reply, 1)
}

// noticed waits until the phone holds that many notices of the template about
// the submission.
func (j *mainJob) noticed(p *phone, template string, want int) {
	j.Helper()
	eventually(j.T, "notice "+template, func() error {
		if p.told(template, j.sub.Number) < want {
			return errNotYet
		}
		return nil
	})
	if n := p.told(template, j.sub.Number); n != want {
		j.Errorf("%s: told %d times, want %d", template, n, want)
	}
}

func (j *mainJob) answer() {
	seen := j.sub.Version
	j.sub = j.visitor.act(j.sub.ID, "messages", object{"text": "甘A12345，今天上午十点"})
	if j.sub.State != "accepted" || j.sub.Version != seen+1 {
		j.Errorf("answered the question: %+v", j.sub)
	}
	p := j.member.refusal(http.StatusConflict, "conflict", http.MethodPost, "/submissions/"+j.sub.ID+"/reply", object{"version": seen, "text": "已联系"})
	if p.ActedBy == nil || p.ActedBy.Role != "visitor" || p.ActedBy.Name != "" {
		j.Errorf("the conflict names %+v", p.ActedBy)
	}
	j.noticed(j.member, j.message, 1)
}

func (j *mainJob) replyWithPhoto() {
	picture := j.member.uploaded("reply.jpg", photo(j.T, 3))
	j.other.refusal(http.StatusNotFound, "not_found", http.MethodPost, "/submissions/"+j.sub.ID+"/reply", object{"version": j.sub.Version, "text": "我来"})
	j.member.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, "/submissions/"+j.sub.ID+"/reply", object{"version": j.sub.Version, "text": ""})
	j.sub = j.member.act(j.sub.ID, "reply", object{"version": j.sub.Version, "text": "已责成停车场退还二十元", "photos": []string{picture.ID}})
	if j.sub.State != "answered" {
		j.Errorf("replied: %+v", j.sub)
	}
	j.noticed(j.visitor, j.reply, 2)
	bare(j.T, j.visitor.call(http.StatusOK, http.MethodGet, "/uploads/"+picture.ID, nil, nil).body)
	j.stranger.call(http.StatusNotFound, http.MethodGet, "/uploads/"+picture.ID, nil, nil)
	j.sees("file", "accept", "ask", "messages", "reply")
	last := j.visitor.read(j.sub.ID).Timeline
	if e := last[len(last)-1]; e.By.Name != j.memberName || e.By.Role != "member" || !slices.Equal(e.Photos, []string{picture.ID}) {
		j.Errorf("the reply in the timeline: %+v", e)
	}
	if slices.ContainsFunc(all[wireSubmission](j.member, "/inbox", 100), func(s wireSubmission) bool { return s.ID == j.sub.ID }) {
		j.Error("answered and still in the default inbox")
	}
	if !slices.ContainsFunc(all[wireSubmission](j.member, "/inbox?state=answered", 100), func(s wireSubmission) bool { return s.ID == j.sub.ID }) {
		j.Error("not among the answered")
	}
}

// sees compares the visitor's timeline with the acts there were.
func (j *mainJob) sees(want ...string) {
	j.Helper()
	var got []string
	for _, e := range j.visitor.read(j.sub.ID).Timeline {
		got = append(got, e.What)
	}
	if !slices.Equal(got, want) {
		j.Errorf("timeline %v, want %v", got, want)
	}
}

func (j *mainJob) close() {
	path := "/submissions/" + j.sub.ID + "/close"
	v := j.sub.Version
	j.member.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, path, object{"version": v, "outcome": "satisfied", "text": "好"})
	j.member.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, path, object{"version": v, "outcome": "merged", "text": "好"})
	j.member.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, path, object{"version": v, "outcome": "solved", "text": ""})
	j.sub = j.member.act(j.sub.ID, "close", object{"version": v, "outcome": "solved", "text": "费用已退还"})
	if j.sub.State != "closed" || j.sub.Outcome != "solved" || j.sub.Rating != nil {
		j.Errorf("closed: %+v", j.sub)
	}
	j.noticed(j.visitor, j.closed, 1)
	j.member.refusal(http.StatusUnprocessableEntity, "wrong_state", http.MethodPost, "/submissions/"+j.sub.ID+"/reply", object{"version": j.sub.Version, "text": "再说一句"})
}

func (j *mainJob) rate() {
	path := "/submissions/" + j.sub.ID + "/rate"
	j.visitor.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, path, object{"version": j.sub.Version, "solved": "yes", "satisfaction": "5"})
	j.visitor.refusal(http.StatusConflict, "conflict", http.MethodPost, path, object{"version": j.sub.Version - 1, "solved": "partly", "satisfaction": "satisfied"})
	j.stranger.refusal(http.StatusNotFound, "not_found", http.MethodPost, path, object{"version": j.sub.Version, "solved": "partly", "satisfaction": "satisfied"})
	j.sub = j.visitor.act(j.sub.ID, "rate", object{"version": j.sub.Version, "solved": "partly", "satisfaction": "satisfied"})
	if j.sub.State != "closed" || j.sub.Rating == nil || j.sub.Rating.Solved != "partly" || j.sub.Rating.Satisfaction != "satisfied" {
		j.Errorf("rated: %+v", j.sub)
	}
	j.visitor.refusal(http.StatusUnprocessableEntity, "wrong_state", http.MethodPost, path, object{"version": j.sub.Version, "solved": "not"})
}

func (j *mainJob) reopen() {
	path := "/submissions/" + j.sub.ID + "/reopen"
	j.visitor.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, path, object{"version": j.sub.Version, "reason": " "})
	before := j.sub
	j.sub = j.visitor.act(j.sub.ID, "reopen", object{"version": j.sub.Version, "reason": "钱没有到账"})
	if j.sub.State != "assigned" || j.sub.assignee() != before.assignee() || j.sub.Version != before.Version+1 {
		j.Errorf("reopened: %+v", j.sub)
	}
	j.noticed(j.member, j.newcomer, 2)
}

func (j *mainJob) end() {
	j.sub = j.member.act(j.sub.ID, "accept", object{"version": j.sub.Version})
	j.sub = j.member.act(j.sub.ID, "close", object{"version": j.sub.Version, "outcome": "explained", "text": "银行次日到账"})
	j.noticed(j.visitor, j.closed, 2)
	j.sees("file", "accept", "ask", "messages", "reply", "close", "rate", "reopen", "accept", "close")
	if got := j.visitor.read(j.sub.ID); got.Outcome != "explained" || got.Rating != nil {
		j.Errorf("in the end: %+v", got)
	}
}

// staff is what the liaison sees and does, the phone number above all.
func (j *mainJob) staff() {
	for _, path := range []string{
		"/station/submissions", "/station/submissions?state=closed&kind=complaint&q=" + j.sub.Number,
		"/station/submissions?member=" + j.sub.assignee(),
	} {
		if !slices.ContainsFunc(all[wireSubmission](j.liaison, path, 1), func(s wireSubmission) bool { return s.ID == j.sub.ID }) {
			j.Errorf("%s does not list it", path)
		}
	}
	j.liaison.call(http.StatusOK, http.MethodGet, "/station/today", nil, nil)
	path := "/submissions/" + j.sub.ID + "/phone"
	j.liaison.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, path, object{"reason": ""})
	a := j.liaison.call(http.StatusOK, http.MethodPost, path, object{"reason": "核实退款"}, nil)
	if !bytes.Contains(a.body, []byte(plantedPhone)) {
		j.Errorf("the number was not shown: %d", a.status)
	}
	a = j.liaison.call(http.StatusOK, http.MethodGet, "/station/submissions", nil, nil)
	if bytes.Contains(a.body, []byte(plantedPhone)) {
		j.Error("a list shows the number")
	}
}
