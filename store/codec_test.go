package store_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/rating"
	"mashang/domain/station"
	"mashang/store"
)

// full is a submission with every field set.
func full() casework.Submission {
	s := filing(3, "m1", "m2").Submission
	s.ID, s.Filer = st+"-abc", "u1"
	s.Number, s.Version, s.State, s.Assignee, s.Pick = "260722-0001", 9, casework.Closed, "m2", 2
	s.Voice, s.Until, s.Anonymous, s.AboutMember, s.Hold = "f9", 1784692800000, true, true, casework.HoldReview
	s.OnBehalf = &casework.OnBehalf{Name: "马奶奶", Relation: "邻居", Phone: "k1.sealed"}
	s.Against = &casework.Against{Name: "某农家乐", Place: "码头", AmountFen: 16800}
	s.Decision.Passed = []casework.PassedOver{{Member: "m9", Name: "祁", Why: casework.Away}}
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
		value := must(store.Encode(want))(t)
		got := must(store.Decode("abc", string(value)))(t)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", state, d)
		}
	}
}

func TestWhatIsFinishedIsSmaller(t *testing.T) {
	t.Parallel()
	open, closed := full(), full()
	open.State = casework.Answered
	a, b := must(store.Encode(open))(t), must(store.Encode(closed))(t)
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
		if d := cmp.Diff(want, must(store.Decode("abc", string(value)))(t)); d != "" {
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
		_, err := store.Decode("abc", value)
		wantCode(t, what, err, fault.Internal)
		if err != nil && strings.Contains(err.Error(), "closed") {
			t.Errorf("%s: the fault tells what was stored: %v", what, err)
		}
	}
}

func TestTextThatIsNotQuiteUTF8ComesBack(t *testing.T) {
	t.Parallel()
	want := full()
	want.Text = "半个字\xe5\x8d"
	equal(t, "text", must(store.Decode("abc", string(must(store.Encode(want))(t))))(t).Text, want.Text)
}

func TestABodyDoesNotGrowWithoutEnd(t *testing.T) {
	t.Parallel()
	if _, err := store.Inflate([]byte(deflated(strings.Repeat("x", 17<<20)))); err == nil {
		t.Error("17 MB were taken")
	}
	if b, err := store.Inflate([]byte(deflated(strings.Repeat("x", 15<<20)))); err != nil || len(b) != 15<<20 {
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
		value, err := store.Encode(want)
		if err != nil {
			r.Fatal(err)
		}
		got, err := store.Decode("abc", string(value))
		if err != nil {
			r.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			r.Fatalf("(-want +got)\n%s", d)
		}
	})
}

// Whatever lies in Redis, reading it neither panics nor takes the machine.
func FuzzDecode(f *testing.F) {
	for _, s := range []casework.State{casework.Assigned, casework.Closed} {
		sub := full()
		sub.State = s
		value, err := store.Encode(sub)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(value))
	}
	f.Add("")
	f.Add("1\t\t\t0\t\t\t0\nc\xa0")
	f.Add("1\t\t\t0\t\t\t0\nz" + deflated("\xa0"))
	f.Fuzz(func(t *testing.T, value string) {
		s, err := store.Decode("abc", value)
		if err != nil {
			return
		}
		again, err := store.Encode(s)
		if err != nil {
			return // a head that is too long for us
		}
		back := must(store.Decode("abc", string(again)))(t)
		if d := cmp.Diff(s, back, cmpopts.EquateEmpty(), cmpopts.EquateNaNs()); d != "" {
			t.Errorf("(-first +second)\n%s", d)
		}
	})
}
