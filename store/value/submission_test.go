package value_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/rating"
	"mashang/domain/reason"
	"mashang/domain/station"
	"mashang/store/deflate"
	"mashang/store/value"
)

const st = "lj"

var noon = time.Date(2026, 7, 22, 12, 0, 0, 0, station.Zone)

// text120 is a typical text.
const text120 = "五一假期我们一家四口来黄河三峡景区游玩，在码头附近的农家乐吃饭，点菜时说好清蒸鲤鱼六十八元一份，" +
	"结账时却按每斤六十八元收了二百三十多元，和老板理论，对方态度恶劣，还说外地人就是这个价。我们保留了菜单照片和付款记录，" +
	"希望有人管一管，退还多收的钱。"

// plain writes and reads values without seals.
var plain *value.Sealer

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// full is a submission with every field set.
func full() casework.Submission {
	s := casework.Submission{
		ID: st + "-abc", Station: st, Filer: "u1",
		FiledAt: casework.At(noon), DueAt: casework.At(noon.Add(24 * time.Hour)),
		Kind: casework.Complaint, Category: "market", Visitor: casework.Tourist, Text: text120,
		Photos: []string{"f0123456789abcdef"}, Place: &casework.Place{Text: "三号码头东侧", Lat: 35.944, Lng: 103.345, Coord: "gcj02"},
		Target: station.Target{Kind: station.ForPlace, ID: "p3"},
		Phone:  "k1." + strings.Repeat("Ab3_", 14), PhoneMask: "138****1234",
		Decision: casework.Decision{Rule: 1, Roster: 7},
		Clocks: &casework.Clocks{
			FirstDueAt: casework.At(noon.Add(30 * time.Minute)), TermStart: casework.At(noon), TermEnd: casework.At(noon.Add(24 * time.Hour)),
			Hours: "08:00-21:00", Daily: true, Rules: 1, NextAt: casework.At(noon.Add(24 * time.Minute)),
		},
	}
	for i, m := range []string{"m1", "m2"} {
		s.Decision.Candidates = append(s.Decision.Candidates, casework.Candidate{
			Member: m, Name: "马委员", Score: 70 - i,
			Reasons: []reason.Reason{reason.OnDuty, reason.SectorIn.With("文化旅游")},
		})
	}
	s.Number, s.Version, s.State, s.Assignee, s.Pick = "260722-0001", 9, casework.Closed, "m2", 2
	s.Voice, s.Until, s.Anonymous, s.AboutMember, s.Hold = "f9", 1784692800000, true, true, casework.HoldReview
	s.OnBehalf = &casework.OnBehalf{Name: "马奶奶", Relation: "邻居", Phone: "k1.sealed"}
	s.Against = &casework.Against{Name: "某农家乐", Place: "码头", AmountFen: 16800}
	s.Decision.Passed = []casework.PassedOver{{Member: "m9", Name: "祁", Why: reason.Away}}
	s.Thread = []casework.Entry{
		{At: 1784692800001, What: access.Transfer, By: casework.Actor{Role: access.Member, ID: "m1", Name: "马"}, To: "m2", ToName: "李", Text: "更熟悉"},
		{At: 1784692800002, What: access.Return, By: casework.Actor{Role: access.Member, ID: "m2"}, Text: "外出", Private: true},
		{At: 1784692800003, What: access.Close, Photos: []string{"f1", "f2"}, Text: "已退款", Outcome: casework.Solved, Reason: "试填"},
	}
	s.Outcome, s.Into, s.ClosedAt, s.PausedAt = casework.Solved, st+"-def", 1784692800003, 7
	s.Rating = &rating.Rating{Verdict: rating.Partly, Satisfaction: rating.Neutral, Solved: true, Attitude: 5, Speed: 4, Reason: "快", At: 1784692800004}
	s.Past = []string{"m1"}
	s.Dangers, s.DangerHandledAt, s.CoverFor, s.Surge = []danger.Kind{danger.Fire}, 5, "m3", true
	s.Returns, s.Lead, s.LeadEntriesSeen, s.Followers = 1, st+"-lead", 2, []string{st + "-one"}
	s.Classification = &casework.Classification{Model: 3, Sure: true, Guesses: []casework.CategoryGuess{{Category: "market", Percent: 91}}}
	s.Assists = []casework.Assist{{
		ID: 1, Role: access.Department, Who: "d1", Name: "所", By: casework.Actor{Role: access.Member, ID: "m1"}, At: 1, DueAt: 2,
		Task: "查", Contact: true, State: casework.Declined, EndAt: 3, Reason: "忙",
	}}
	s.Thread = append(s.Thread, casework.Entry{
		At: 9, What: access.Assign, Assist: 1, Parts: []casework.Part{{Assist: 1, Role: access.Department, Name: "所", Text: "好", Photos: []string{"f3"}}},
		Days: 2, Category: "market",
	})
	return s
}

func TestEveryFieldComesBack(t *testing.T) {
	t.Parallel()
	for _, state := range casework.States {
		want := full()
		want.State = state
		value := must(plain.Encode(&want))(t)
		got := must(plain.Decode(st, "abc", string(value)))(t)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", state, d)
		}
	}
}

func TestWhatIsFinishedIsSmaller(t *testing.T) {
	t.Parallel()
	open, closed := full(), full()
	open.State = casework.Answered
	a, b := must(plain.Encode(&open))(t), must(plain.Encode(&closed))(t)
	t.Logf("%d bytes open, %d closed", len(a), len(b))
	if len(b) > len(a)*4/5 {
		t.Errorf("%d bytes open, %d closed", len(a), len(b))
	}
}

// Values of the first build must stay readable. The files are never written
// anew: when this fails, the codec needs a new letter.
func TestValuesOfTheFirstBuildAreRead(t *testing.T) {
	t.Parallel()
	for state, name := range map[casework.State]string{casework.Answered: "first-open", casework.Closed: "first-closed"} {
		text := must(os.ReadFile("testdata/" + name + ".b64"))(t)
		value := must(base64.StdEncoding.DecodeString(strings.TrimSpace(string(text))))(t)
		want := full()
		want.State = state
		// Fields of later versions are absent.
		want.Thread = want.Thread[:3]
		want.Thread[2].Reason = ""
		want.Rating.Verdict, want.Rating.Satisfaction = "", "" // it has a yes and marks, which keep their meaning
		if satisfied, said := want.Rating.IsSatisfied(); !satisfied || !said || want.Rating.SolvedVerdict() != rating.Solved {
			t.Errorf("%s: satisfied %v, said %v", name, satisfied, said)
		}
		want.Clocks, want.Dangers, want.DangerHandledAt, want.CoverFor = nil, nil, 0, ""
		want.Returns, want.Assists, want.Surge = 0, nil, false
		want.Lead, want.LeadEntriesSeen, want.Followers, want.Classification = "", 0, nil, nil
		if d := cmp.Diff(want, must(plain.Decode(st, "abc", string(value)))(t)); d != "" {
			t.Errorf("%s: (-want +got)\n%s", name, d)
		}
	}
}

// deflated compresses without a dictionary, which every reader understands.
func deflated(raw string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	if _, err := w.Write([]byte(raw)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	const head = "3\tclosed\tm1\t5\tu1\t260722-0001\t1\n"
	for what, value := range map[string]string{
		"nothing":         "",
		"no head":         strings.Repeat("x", 1000),
		"no body":         head,
		"unknown codec":   head + "?abc",
		"no CBOR":         head + "cabc",
		"no deflate":      head + "zabc",
		"short head":      "3\tclosed\n" + "c\xa0",
		"long head":       "3\tclosed\tm1\t5\tu1\tn\t1\textra\n" + "c\xa0",
		"no version":      "x\tclosed\tm1\t5\tu1\tn\t1\n" + "c\xa0",
		"no deadline":     "3\tclosed\tm1\tx\tu1\tn\t1\n" + "c\xa0",
		"no pick":         "3\tclosed\tm1\t5\tu1\tn\tx\n" + "c\xa0",
		"CBOR and more":   head + "c\xa0\xa0",
		"another type":    head + "c\x83\x01\x02\x03",
		"text for number": head + "c\xa1ateabcde",
	} {
		_, err := plain.Decode(st, "abc", value)
		if !fault.Is(err, fault.Internal) {
			t.Errorf("%s: %v", what, err)
		}
		if err != nil && strings.Contains(err.Error(), "closed") {
			t.Errorf("%s: the fault tells what was stored: %v", what, err)
		}
	}
}

func TestTextThatIsNotQuiteUTF8ComesBack(t *testing.T) {
	t.Parallel()
	want := full()
	want.Text = "半个字\xe5\x8d"
	if got := must(plain.Decode(st, "abc", string(must(plain.Encode(&want))(t))))(t).Text; got != want.Text {
		t.Errorf("%q", got)
	}
}

func TestABodyDoesNotGrowWithoutEnd(t *testing.T) {
	t.Parallel()
	if _, err := deflate.Inflate([]byte(deflated(strings.Repeat("x", 17<<20)))); err == nil {
		t.Error("17 MB were taken")
	}
	if b, err := deflate.Inflate([]byte(deflated(strings.Repeat("x", 15<<20)))); err != nil || len(b) != 15<<20 {
		t.Error(len(b), err)
	}
}

func TestAnyTextComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		want := full()
		want.State = rapid.SampledFrom(casework.States).Draw(r, "state")
		want.Text = rapid.String().Draw(r, "text")
		want.Place = &casework.Place{Text: "a", Lat: rapid.Float64Range(-90, 90).Draw(r, "lat"), Lng: rapid.Float64Range(-180, 180).Draw(r, "lng")}
		want.Target = station.Target{Kind: station.ForRoom, ID: rapid.String().Draw(r, "target")}
		value, err := plain.Encode(&want)
		if err != nil {
			r.Fatal(err)
		}
		got, err := plain.Decode(st, "abc", string(value))
		if err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			r.Fatalf("(-want +got)\n%s", d)
		}
	})
}

// Both sides of a decision are stored, for open and closed submissions.
func TestBothSidesOfADecisionComeBack(t *testing.T) {
	t.Parallel()
	for _, state := range casework.States {
		want := full()
		want.State, want.Full, want.CoverFor = state, 0x8000_0000_0000_0005, "m1"
		d := &want.Decision
		d.Rules = 4
		for i := range d.Candidates {
			c := &d.Candidates[i]
			c.Capacity, c.Open, c.LastAssigned, c.Weights = 20, 3, casework.At(noon), []int{40, 100}
			c.Against = []casework.WeightedReason{{Reason: reason.Busy.With("3/20"), Weight: 2}, {Reason: reason.OffDuty}}
		}
		d.Ties = []casework.Tie{{Member: "m3", Name: "祁", Capacity: 9}, {Member: "m4", Name: "马", Reasons: []reason.Reason{reason.OnDuty}}}
		d.RuledOut = []casework.PassedOver{{Member: "m5", Name: "李", Why: reason.Concerned}}
		got := must(plain.Decode(st, "abc", string(must(plain.Encode(&want))(t))))(t)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", state, d)
		}
	}
	for _, head := range []string{"1:", "1:x", "1:10000000000000000", ":1"} {
		if _, err := plain.Decode(st, "abc", "9\tassigned\tm1\t5\tu1\t260722-0001\t"+head+"\nc\xa0"); err == nil {
			t.Errorf("a head that ends in %q was read", head)
		}
	}
}

// Whatever lies in Redis, reading it neither panics nor takes the machine.
func FuzzDecode(f *testing.F) {
	for _, s := range []casework.State{casework.Assigned, casework.Closed} {
		sub := full()
		sub.State = s
		value, err := plain.Encode(&sub)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(value))
	}
	f.Add("")
	f.Add("1\t\t\t0\t\t\t0\nc\xa0")
	f.Add("1\t\t\t0\t\t\t0\nz" + deflated("\xa0"))
	f.Fuzz(func(t *testing.T, value string) {
		s, err := plain.Decode(st, "abc", value)
		if err != nil {
			return
		}
		again, err := plain.Encode(&s)
		if err != nil {
			return // a head that is too long for us
		}
		back := must(plain.Decode(st, "abc", string(again)))(t)
		if d := cmp.Diff(s, back, cmpopts.EquateEmpty(), cmpopts.EquateNaNs()); d != "" {
			t.Errorf("(-first +second)\n%s", d)
		}
	})
}
