package delivery_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk"
	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

const phoneOfWebVisitor = "13800138000"

// notices returns the texts that are no codes, the oldest first.
func notices(b *desktest.Bundle) (list []string) {
	for _, x := range b.Texts.List() {
		if x.Text != "" {
			list = append(list, x.Phone+" "+x.Text)
		}
	}
	slices.Reverse(list)
	return list
}

func webVisitor(b *desktest.Bundle) access.Caller {
	return b.Caller(b.ByPhone(phoneOfWebVisitor).Token)
}

// untoldVisitors counts the visitors whom the liaison is to tell.
func untoldVisitors(b *desktest.Bundle) (n int) {
	for _, u := range b.UndeliveredHere() {
		if u.Role == access.Visitor {
			n++
		}
	}
	return n
}

// TestSentBySMS: who logged in with the number that they left is told by text of a question, an answer and the
// end, and reads nobody's words there.
func TestSentBySMS(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	s := b.File(webVisitor(b), b.Key(station.ForMember, "m01"), desktest.Phone(phoneOfWebVisitor))
	for _, act := range []casework.Act{
		casework.Ask{Text: "是哪一天的事？"}, casework.Reply{Text: "已责令退款"}, casework.Close{Outcome: casework.Solved, Text: "退了二十元"},
	} {
		b.Act(m, s.ID, act)
		b.Deliver()
		b.Clock.Advance(time.Minute)
	}
	got := notices(b)
	want := []string{"需要您补充", "有了答复", "已办结"}
	if len(got) != len(want) {
		t.Fatalf("sent %q, want %q", got, want)
	}
	for i, text := range got {
		for _, part := range []string{phoneOfWebVisitor + " ", s.Number, want[i], "/m/pages/matter/index?id=" + s.ID} {
			if !strings.Contains(text, part) {
				t.Errorf("%q lacks %q", text, part)
			}
		}
		for _, part := range []string{"退款", "二十元", "哪一天", "陈一"} {
			if strings.Contains(text, part) {
				t.Errorf("%q says %q to whoever holds the phone", text, part)
			}
		}
	}
	if n := untoldVisitors(b); n != 0 {
		t.Errorf("the liaison is to tell %d visitors", n)
	}
}

// TestNotSentBySMS: a number that nobody proved gets nothing, and neither does a station that switched texts
// off, a filer of the mini program, or more than five a day.
func TestNotSentBySMS(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		filer func(*desktest.Bundle) access.Caller
		phone string
		means []station.FallbackChannel
	}{
		"another number": {webVisitor, "13900139000", nil},
		"switched off":   {webVisitor, phoneOfWebVisitor, []station.FallbackChannel{station.ChannelChat, station.ChannelLiaison}},
		"mini program":   {func(b *desktest.Bundle) access.Caller { return b.Visitor("villager") }, phoneOfWebVisitor, nil},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			st := b.Stored()
			st.FallbackChannels = c.means
			b.Put(st, st.Version)
			s := b.File(c.filer(b), b.Key(station.ForMember, "m01"), desktest.Phone(c.phone))
			b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "已责令退款"})
			b.Deliver()
			if got := notices(b); got != nil {
				t.Errorf("sent %q", got)
			}
			if n := untoldVisitors(b); n != 1 {
				t.Errorf("the liaison is to tell %d visitors, want 1", n)
			}
		})
	}
	b := desktest.Setup(t)
	v := webVisitor(b)
	for range 6 {
		s := b.File(v, b.Key(station.ForMember, "m01"), desktest.Phone(phoneOfWebVisitor))
		b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "好了"})
		b.Deliver()
	}
	if got := notices(b); len(got) != 5 {
		t.Errorf("%d texts in a day, want 5", len(got))
	}
	if n := untoldVisitors(b); n != 1 {
		t.Errorf("the liaison is to tell %d visitors, want that of the sixth", n)
	}
}

// TestSMSWaitsForTheMorning: a text rings, so that even an answer keeps to the quiet hours.
func TestSMSWaitsForTheMorning(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	s := b.File(webVisitor(b), b.Key(station.ForMember, "m01"), desktest.Phone(phoneOfWebVisitor))
	b.Clock.Set(desktest.At(22, 23, 0))
	b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "好了"})
	b.Deliver()
	if got := notices(b); got != nil {
		t.Errorf("sent at night: %q", got)
	}
	b.Clock.Set(desktest.At(23, 7, 0))
	b.Deliver()
	if got := notices(b); len(got) != 1 {
		t.Errorf("sent in the morning: %q", got)
	}
}

// TestThePlatformIsNotAskedAboutWhomItDoesNotKnow: what stands for the openid of somebody from a browser stays here.
func TestThePlatformIsNotAskedAboutWhomItDoesNotKnow(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Consent(desktest.PhoneOfM01, notice.MemberNew, 5)
	s := b.File(webVisitor(b), b.Key(station.ForMember, "m01"), desktest.Phone("13900139000"))
	b.Deliver()
	var asked []string
	b.Line.Handle(desktest.SendPath, func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Path)
		return nil, desktest.ErrDied
	})
	b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "好了"})
	b.Deliver()
	if len(asked) != 0 {
		t.Errorf("the platform was asked %d times", len(asked))
	}
	list := b.UndeliveredHere()
	if len(list) != 1 || list[0].Role != access.Visitor || !strings.Contains(list[0].Why, "请打他留的电话") {
		t.Errorf("the liaison is to tell %+v", list)
	}
}

// lostAnswers sends each text, and loses the first answers.
type lostAnswers struct {
	desk.SMS

	lose int
	ids  []string
}

func (l *lostAnswers) SendText(_ context.Context, id, _, _ string) error {
	l.ids = append(l.ids, id)
	if len(l.ids) <= l.lose {
		return fault.New(fault.Unavailable, "短信没有发出去")
	}
	return nil
}

// TestSMSOutage: a text is tried again under the same id, and the liaison is asked in the end.
func TestSMSOutage(t *testing.T) {
	t.Parallel()
	for lose, sent := range map[int]int{2: 1, 1000: 0} {
		l := &lostAnswers{lose: lose}
		b := desktest.Setup(t)
		b.Desk = b.SecondDesk(func(p *desk.Parts) { l.SMS, p.SMS = p.SMS, l })
		s := b.File(webVisitor(b), b.Key(station.ForMember, "m01"), desktest.Phone(phoneOfWebVisitor))
		b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "好了"})
		for range 20 {
			b.Deliver()
			b.Clock.Advance(time.Hour)
		}
		if len(l.ids) < 2 || len(slices.Compact(slices.Clone(l.ids))) != 1 {
			t.Errorf("sent under the ids %q", l.ids)
		}
		if got := b.Outcomes()[notice.SentBySMS]; got != sent {
			t.Errorf("after %d lost answers %d are sent, want %d", lose, got, sent)
		}
		if n := untoldVisitors(b); n != 1-sent {
			t.Errorf("after %d lost answers the liaison is to tell %d visitors, want %d", lose, n, 1-sent)
		}
	}
}

// lostKey is a key ring without the key of the numbers.
type lostKey struct{ desk.Sealer }

func (lostKey) Open(string, string) (string, error) {
	return "", fault.New(fault.Internal, "没有这把钥匙")
}

// TestANumberThatCannotBeReadHoldsNothing: the liaison is asked to tell the visitor.
func TestANumberThatCannotBeReadHoldsNothing(t *testing.T) {
	t.Parallel()
	for what, filer := range map[string]func(*desktest.Bundle) access.Caller{
		"web": webVisitor, "mini program": func(b *desktest.Bundle) access.Caller { return b.Visitor("villager") },
	} {
		b := desktest.Setup(t)
		s := b.File(filer(b), b.Key(station.ForMember, "m01"), desktest.Phone(phoneOfWebVisitor))
		b.Act(b.Member("m01"), s.ID, casework.Reply{Text: "好了"})
		b.Desk = b.SecondDesk(func(p *desk.Parts) { p.Sealer = lostKey{p.Sealer} })
		b.Deliver()
		if n := untoldVisitors(b); n != 1 {
			t.Errorf("%s: the liaison is to tell %d visitors, want 1", what, n)
		}
	}
}

// TestATextSaysHowItEnded: what is agreed is not called done, and what is carried out is said.
func TestATextSaysHowItEnded(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, key := webVisitor(b), b.Member("m01"), b.Key(station.ForMember, "m01")
	s := b.File(v, key, desktest.Phone(phoneOfWebVisitor))
	b.Act(m, s.ID, casework.Accept{})
	b.Act(m, s.ID, casework.Close{Outcome: casework.Agreed, Text: "月底前装"})
	b.Deliver()
	b.Act(m, s.ID, casework.Fulfil{Text: "装好了"})
	b.Deliver()
	spam := b.File(v, key, desktest.Phone(phoneOfWebVisitor))
	b.Act(b.Liaison(), spam.ID, casework.Close{Outcome: casework.Invalid, Reason: "试填"})
	b.Deliver()
	got := notices(b)
	for i, want := range []string{"有了约定，待落实", "已落实", "有了说明"} {
		if i >= len(got) || !strings.Contains(got[i], want) {
			t.Errorf("sent %q, want %q in number %d", got, want, i+1)
		}
	}
}

// noList is a store that cannot list whom to call.
type noList struct{ desk.Store }

func (noList) PutUndelivered(context.Context, record.Undelivered) error {
	return fault.New(fault.Unavailable, "系统忙，请稍后再试")
}

// TestACallIsAskedForOnlyWhereItIsListed: who reads that the liaison was asked finds the call on the list.
func TestACallIsAskedForOnlyWhereItIsListed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m01")
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"), desktest.Phone(phoneOfWebVisitor))
	failing := b.SecondDesk(func(p *desk.Parts) { p.Store = noList{p.Store} })
	version := b.Load(s.ID).Version
	if _, err := failing.Matters.Act(t.Context(), m, s.ID, &version, casework.AskCall{Reason: "请问"}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("asked although nobody will call: %v", err)
	}
	if _, err := b.Try(m, s.ID, casework.AskCall{Reason: "请问"}); err != nil {
		t.Errorf("asked again: %v", err)
	}
	if n := untoldVisitors(b); n != 1 {
		t.Errorf("%d calls are listed, want 1", n)
	}
}
