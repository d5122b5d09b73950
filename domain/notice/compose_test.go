package notice_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
)

func compose(p, use notice.Purpose, s casework.Submission) map[string]string {
	m := notice.Compose(notice.Entry{Purpose: p, Version: s.Version}, use, s, town)
	got := map[string]string{}
	for _, f := range notice.Fields[use] {
		got[f.Meaning] = m.Data[f.Meaning]
	}
	return got
}

func TestCompose(t *testing.T) {
	t.Parallel()
	s := filed()
	const number, what, due = "260715-0001", "投诉：票价 不符", "2026-07-17 12:00"
	asked := after(s, access.Ask)
	photo, err := try(s, doing{casework.Reply{Photos: []string{"f1"}}, casework.Actor{}}, clock, noon)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		p    notice.Purpose
		s    casework.Submission
		want map[string]string
	}{
		"new": {notice.MemberNew, s, map[string]string{
			notice.Number: number, notice.Subject: what, notice.Place: "龙湾村", notice.Due: due,
		}},
		"urge": {notice.MemberUrge, s, map[string]string{
			notice.Number: number, notice.Subject: what, notice.Due: due, notice.Hint: "已到办理期限，请尽快答复",
		}},
		"message": {notice.MemberMessage, after(s, access.Message), map[string]string{
			notice.Number: number, notice.Subject: what, notice.State: "待受理", notice.Hint: "群众有新的消息，点此查看",
		}},
		"withdrawn": {notice.MemberMessage, after(s, access.Withdraw), map[string]string{
			notice.Number: number, notice.Subject: what, notice.State: "已撤回", notice.Hint: "群众已经撤回，不必再办",
		}},
		"answer": {notice.VisitorReply, after(s, access.Reply), map[string]string{
			notice.Number: number, notice.Who: "张三委员", notice.Body: "已经 联系", notice.Hint: "点此查看，可继续补充",
		}},
		"question": {notice.VisitorReply, asked, map[string]string{
			notice.Number: number, notice.Who: "张三委员", notice.Body: "已经 联系", notice.Hint: "委员请您补充情况，点此回复",
		}},
		"a photo": {notice.VisitorReply, photo, map[string]string{
			notice.Number: number, notice.Who: "张三委员", notice.Body: "已发来照片，请点开查看", notice.Hint: "点此查看，可继续补充",
		}},
		"closed": {notice.VisitorClosed, after(s, access.Accept, access.Close), map[string]string{
			notice.Number: number, notice.State: "已解决", notice.Body: "已退差价", notice.Hint: "请您评价，未解决可重新办理",
		}},
		"progress": {notice.VisitorProgress, after(s, access.Transfer), map[string]string{
			notice.Number: number, notice.State: "待受理", notice.Who: "李四委员", notice.Hint: "点此查看办理进度",
		}},
		"in the pool": {notice.VisitorProgress, pooled(s), map[string]string{
			notice.Number: number, notice.State: "待分派", notice.Who: town.Name, notice.Hint: "点此查看办理进度",
		}},
	} {
		if diff := cmp.Diff(tc.want, compose(tc.p, tc.p, tc.s)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestAProxyReadsHowItEnded, as the filer does, but of what only the filer may ask nothing.
func TestAProxyReadsHowItEnded(t *testing.T) {
	t.Parallel()
	day := casework.At(noon.AddDate(0, 0, 5))
	for want, change := range map[string]func(*casework.Submission){
		"您替人提交的已办结，点此看结果": func(s *casework.Submission) { s.Outcome = casework.Solved },
		"您替人提交的有了说明，点此查看": func(s *casework.Submission) { s.Outcome = casework.Invalid },
		"您替人提交的，7月20日前落实": func(s *casework.Submission) { s.Outcome, s.Promise = casework.Agreed, &casework.Promise{DueAt: day} },
		"您替人提交的已落实，点此看结果": func(s *casework.Submission) {
			s.Outcome, s.Promise = casework.Solved, &casework.Promise{DueAt: day, DoneAt: day}
		},
	} {
		s := after(filed(), access.Accept, access.Close)
		change(&s)
		e := notice.Entry{Purpose: notice.VisitorClosed, Person: "p1", About: notice.AboutProxy, Version: s.Version}
		if got := notice.Compose(e, e.Purpose, s, town).Data[notice.Hint]; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestComposeInAStandInsTemplate(t *testing.T) {
	t.Parallel()
	s := filed()
	const number, what, due = "260715-0001", "投诉：票价 不符", "2026-07-17 12:00"
	closed := after(s, access.Accept, access.Close)
	for name, tc := range map[string]struct {
		p, use notice.Purpose
		s      casework.Submission
		want   map[string]string
	}{
		"new as a message": {notice.MemberNew, notice.MemberMessage, s, map[string]string{
			notice.Number: number, notice.Subject: what, notice.State: "待受理", notice.Hint: "有新的诉求，请点开办理",
		}},
		"new as an urge": {notice.MemberNew, notice.MemberUrge, s, map[string]string{
			notice.Number: number, notice.Subject: what, notice.Due: due, notice.Hint: "有新的诉求，请点开办理",
		}},
		"an urge as a message": {notice.MemberUrge, notice.MemberMessage, s, map[string]string{
			notice.Number: number, notice.Subject: what, notice.State: "待受理", notice.Hint: "已到办理期限，请尽快答复",
		}},
		"an answer as progress": {notice.VisitorReply, notice.VisitorProgress, after(s, access.Reply), map[string]string{
			notice.Number: number, notice.State: "已答复", notice.Who: "张三委员", notice.Hint: "委员已经答复，点此查看",
		}},
		"a question as progress": {notice.VisitorReply, notice.VisitorProgress, after(s, access.Ask), map[string]string{
			notice.Number: number, notice.State: "待补充", notice.Who: "张三委员", notice.Hint: "委员请您补充情况，点此回复",
		}},
		"closed as progress": {notice.VisitorClosed, notice.VisitorProgress, closed, map[string]string{
			notice.Number: number, notice.State: "已解决", notice.Who: "张三委员", notice.Hint: "请您评价，未解决可重新办理",
		}},
		"closed as an answer": {notice.VisitorClosed, notice.VisitorReply, closed, map[string]string{
			notice.Number: number, notice.Who: "张三委员", notice.Body: "已退差价", notice.Hint: "请您评价，未解决可重新办理",
		}},
	} {
		if diff := cmp.Diff(tc.want, compose(tc.p, tc.use, tc.s)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestThePlaceIsAPlace(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		target station.Target
		place  *casework.Place
		want   string
	}{
		"said":               {station.Target{Kind: station.ForPlace, ID: "jetty"}, &casework.Place{Text: "东门\n外"}, "东门 外"},
		"only coordinates":   {station.Target{Kind: station.ForPlace, ID: "jetty"}, &casework.Place{Lat: 36, Lng: 104}, "水车码头"},
		"a room":             {station.Target{Kind: station.ForRoom, ID: "r1"}, nil, "河口村协商议事室"},
		"the station":        {station.Target{Kind: station.ForStation}, nil, town.Name},
		"a member's village": {station.Target{Kind: station.ForMember, ID: "a"}, nil, "龙湾村"},
		"a member without":   {station.Target{Kind: station.ForMember, ID: "b"}, nil, town.Name},
		"one who left":       {station.Target{Kind: station.ForMember, ID: "c"}, nil, town.Name},
		"what is gone":       {station.Target{Kind: station.ForPlace, ID: "x"}, nil, town.Name},
	} {
		s := filed()
		s.Target, s.Place = tc.target, tc.place
		if got := compose(notice.MemberNew, notice.MemberNew, s)[notice.Place]; got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestAVoiceHasASubject(t *testing.T) {
	t.Parallel()
	s := filed()
	s.Text, s.Voice = "", "f1"
	if got := compose(notice.MemberNew, notice.MemberNew, s)[notice.Subject]; got != "投诉：语音留言" {
		t.Errorf("%q", got)
	}
}

// TestEveryMessageIsWholeAndTellsNothingPersonal walks random lives and
// composes everything they would tell, at once and one act late.
func TestEveryMessageIsWholeAndTellsNothingPersonal(t *testing.T) {
	t.Parallel()
	secrets := []string{phone, otherPhone, "138****8000", subject, "母亲", filer}
	acts := []access.Action{
		access.Accept, access.Ask, access.Reply, access.Transfer, access.Return, access.Close,
		access.Message, access.Withdraw, access.Rate, access.Reopen, access.Assign,
		agree, access.Fulfil, access.Promise,
	}
	rapid.Check(t, func(t *rapid.T) {
		s := filed()
		if rapid.Bool().Draw(t, "pooled") {
			s = pooled(s)
		}
		s.Text = rapid.SampledFrom([]string{"", "路灯", "一\n二", strings.Repeat("字", 2000)}).Draw(t, "text")
		s.Kind = rapid.SampledFrom(casework.Kinds).Draw(t, "kind")
		s.Target = rapid.SampledFrom([]station.Target{
			{Kind: station.ForStation}, {Kind: station.ForMember, ID: "c"}, {Kind: station.ForRoom, ID: "r1"}, {Kind: station.ForPlace, ID: "x"},
		}).Draw(t, "target")
		now := noon
		var late []notice.Entry
		for range rapid.IntRange(1, 20).Draw(t, "acts") {
			tell := slices.Concat(late, notice.After(s))
			tell = append(tell, notice.Entry{Purpose: notice.MemberUrge, Member: s.Assignee, Submission: s.ID})
			for _, about := range []string{notice.AboutPromise, notice.AboutBroken, notice.AboutSquad} {
				tell = append(tell, notice.Entry{Purpose: notice.MemberUrge, Member: s.Assignee, Submission: s.ID, About: about, At: int64(s.PromisedBy()) + 1})
			}
			tell = append(tell, notice.Entry{Purpose: notice.LiaisonUrge, Liaison: "l", Submission: s.ID, About: notice.AboutBroken, At: int64(s.PromisedBy()) + 1})
			for _, e := range tell {
				if !e.Stale(s) {
					whole(t, e, s, secrets)
				}
			}
			late = notice.After(s)
			now = now.Add(time.Minute)
			next, err := try(s, step(rapid.SampledFrom(acts).Draw(t, "act")), clock, now)
			if err == nil {
				s = next
			}
		}
	})
}

func whole(t *rapid.T, e notice.Entry, s casework.Submission, secrets []string) {
	use := rapid.SampledFrom(notice.Purposes).Draw(t, "template")
	if use.Audience() != e.Purpose.Audience() {
		use = e.Purpose
	}
	m := notice.Compose(e, use, s, town)
	if m.Purpose != use || m.Page != "pages/matter/index?id="+s.ID || m.OpenID != "" {
		t.Fatalf("%+v", m)
	}
	for _, f := range notice.Fields[use] {
		v := m.Data[f.Meaning]
		if strings.TrimSpace(v) == "" || strings.Contains(v, "\n") {
			t.Fatalf("%s in %s: %s is %q", e.Purpose, s.State, f.Meaning, v)
		}
		if _, err := time.Parse(notice.TimeLayout, v); f.Type == "time" && err != nil {
			t.Fatal(err)
		}
		if f.Type == "phrase" && casework.Runes(v) > 5 {
			t.Fatalf("%q is no phrase", v)
		}
		if f.Meaning == notice.Hint && casework.Runes(v) > 20 {
			t.Fatalf("%q would be cut", v)
		}
	}
	for field, v := range m.Data {
		if i := slices.IndexFunc(secrets, func(x string) bool { return strings.Contains(v+m.Page, x) }); i >= 0 {
			t.Fatalf("%s tells %q", field, secrets[i])
		}
	}
}
