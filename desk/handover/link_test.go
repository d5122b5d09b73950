package handover_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/handover"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	rules "mashang/domain/handover"
	"mashang/domain/station"
)

// offered makes an offer.
func offered(b *desktest.Bundle, c access.Caller, id, phone string) handover.Offer {
	b.T.Helper()
	o, err := b.Handover.Make(b.T.Context(), c, id, phone, false)
	if err != nil {
		b.T.Fatal(err)
	}
	return o
}

// mine lists the ids of what a person filed, took over or follows.
func mine(b *desktest.Bundle, c access.Caller) []string {
	b.T.Helper()
	p, err := b.Matters.Mine(b.T.Context(), c, "", 0)
	if err != nil {
		b.T.Fatal(err)
	}
	ids := []string{}
	for _, v := range p.Items {
		ids = append(ids, v.ID)
	}
	return ids
}

// A forwarded card that a stranger opens gives the stranger nothing: the submission goes to whoever reads out the
// right digits, and both follow it from then on.
func TestACardGoesToWhomItWasMeantFor(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother, stranger := b.Visitor("the-child"), b.Visitor("the-mother"), b.Visitor("a-stranger")
	v := b.Filed(child, "for-mother-1", casework.Filing{
		Kind: casework.Help, Text: "水管冻裂了", Phone: "13800138000", OnBehalf: &casework.OnBehalf{Name: "王秀英", Relation: "母亲"},
	})
	own := b.Filed(child, "for-self-01", casework.Filing{Kind: casework.Help, Text: "路灯坏了"})
	if _, err := b.Handover.Make(t.Context(), stranger, v.ID, "", false); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger offers it: %v", err)
	}
	if _, err := b.Handover.Make(t.Context(), child, own.ID, "", false); !fault.Is(err, fault.WrongState) {
		t.Errorf("one's own is offered: %v", err)
	}
	o := offered(b, child, v.ID, "")
	if again := offered(b, child, v.ID, ""); again.Token != o.Token || !strings.HasSuffix(o.Link, "#"+o.Token) || len(o.Drawing) == 0 {
		t.Errorf("shown again it is another: %+v, %+v", o, again)
	}
	if _, err := b.Handover.Claim(t.Context(), child, o.Token); !fault.Is(err, fault.WrongState) {
		t.Errorf("the child claims it: %v", err)
	}
	theirs, err := b.Handover.Claim(t.Context(), stranger, o.Token)
	if err != nil || theirs.Submission != "" {
		t.Fatalf("%+v, %v", theirs, err)
	}
	hers, err := b.Handover.Claim(t.Context(), mother, o.Token)
	if err != nil || hers.Check == theirs.Check || hers.Submission != "" {
		t.Fatalf("%+v beside %+v, %v", hers, theirs, err)
	}
	for _, c := range []access.Caller{stranger, mother} {
		if _, err := b.Matters.Get(t.Context(), c, v.ID); !fault.Is(err, fault.NotFound) || len(mine(b, c)) > 0 {
			t.Errorf("a claim shows it: %v", err)
		}
	}
	if _, err := b.Handover.Confirm(t.Context(), stranger, v.ID, theirs.Check); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger gives it to themselves: %v", err)
	}
	if o, err := b.Handover.Show(t.Context(), child, v.ID); err != nil || !o.Claimed {
		t.Errorf("the child is not told that somebody waits: %+v, %v", o, err)
	}
	after, err := b.Handover.Confirm(t.Context(), child, v.ID, " "+hers.Check+" ")
	if err != nil || after.ID != v.ID || after.HandedOver == nil || after.HandedOver.Own || after.HandedOver.Name != "王秀英" || after.PhoneMask != "" || after.OnBehalf != nil {
		t.Fatalf("%+v, %v", after, err)
	}
	if got, err := b.Handover.Claim(t.Context(), mother, o.Token); err != nil || got.Submission != v.ID {
		t.Errorf("she does not learn of it: %+v, %v", got, err)
	}
	if _, err := b.Handover.Claim(t.Context(), stranger, o.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("the stranger: %v", err)
	}
	if got := b.Look(mother, v.ID); got.HandedOver == nil || !got.HandedOver.Own || !got.HandedOver.Followed || got.OnBehalf != nil {
		t.Errorf("hers is %+v", got.HandedOver)
	}
	if !slices.Contains(mine(b, child), v.ID) || !slices.Equal(mine(b, mother), []string{v.ID}) || len(mine(b, stranger)) > 0 {
		t.Error("the lists are wrong")
	}
	b.CheckConsistent()
}

// What is taken back, spoilt by wrong digits or out of date gives nothing, and says so in one way.
func TestAnOfferThatIsOver(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(b *desktest.Bundle, child access.Caller, id string){
		"taken back": func(b *desktest.Bundle, child access.Caller, id string) {
			if err := b.Handover.TakeBack(b.T.Context(), b.Visitor("another"), id); !fault.Is(err, fault.NotFound) {
				b.T.Errorf("a stranger takes it back: %v", err)
			}
			if err := b.Handover.TakeBack(b.T.Context(), child, id); err != nil {
				b.T.Fatal(err)
			}
		},
		"spoilt": func(b *desktest.Bundle, child access.Caller, id string) {
			for range rules.MaxWrong {
				if _, err := b.Handover.Confirm(b.T.Context(), child, id, "00"); !slices.Equal(desktest.FieldsOf(err), []string{"check"}) {
					b.T.Errorf("wrong digits: %v", err)
				}
			}
		},
		"out of date": func(b *desktest.Bundle, _ access.Caller, _ string) { b.Clock.Advance(rules.LinkTTL) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			b := desktest.Setup(t)
			child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
			v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
			o := offered(b, child, v.ID, "13900139000")
			claim, err := b.Handover.Claim(t.Context(), mother, o.Token)
			if err != nil {
				t.Fatal(err)
			}
			end(b, child, v.ID)
			if _, err := b.Handover.Claim(t.Context(), mother, o.Token); err == nil || err.Error() != rules.Closed().Error() {
				t.Errorf("claimed: %v", err)
			}
			if _, err := b.Handover.Confirm(t.Context(), child, v.ID, claim.Check); !fault.Is(err, fault.WrongState) {
				t.Errorf("given: %v", err)
			}
			if what != "spoilt" {
				_, err := b.Handover.Redeem(t.Context(), mother, o.Digits, b.Emu.PhoneCode("13900139000"))
				if !slices.Equal(desktest.FieldsOf(err), []string{"code"}) {
					t.Errorf("redeemed: %v", err)
				}
			}
			if again := offered(b, child, v.ID, ""); again.Token == o.Token {
				t.Error("a new offer has the old link")
			}
		})
	}
}

// The proxy reads what the filer reads, may add words and stop; deciding is the filer's, who can end it at any time.
func TestWhatAProxyMay(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother, member := b.Visitor("the-child"), b.Visitor("the-mother"), b.Member("m01")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.HandOver(child, mother, v.ID, false)
	b.Act(member, v.ID, casework.Accept{})
	b.Act(member, v.ID, casework.Ask{Text: "在几楼？"})
	if _, err := b.Privacy.CorrectPhone(t.Context(), mother, v.ID, "13700137000", ""); err != nil {
		t.Fatal(err)
	}
	if got := b.Look(child, v.ID); got.As != access.Visitor || got.PhoneMask != "" || len(got.Advice) > 0 || len(got.Thread) == 0 {
		t.Errorf("%+v", got)
	}
	shown := b.Act(child, v.ID, casework.Message{Text: "三楼"})
	if last := shown.Thread[len(shown.Thread)-1]; !last.Proxy || last.By.ID != "" {
		t.Errorf("%+v", last)
	}
	for _, act := range []casework.Act{casework.Withdraw{}, casework.Rate{}, casework.Reopen{Reason: "没好"}} {
		if _, err := b.Try(child, v.ID, act); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", casework.NameOf(act), err)
		}
	}
	if _, err := b.Privacy.CorrectPhone(t.Context(), child, v.ID, "", ""); !fault.Is(err, fault.Denied) {
		t.Errorf("the number: %v", err)
	}
	if _, err := b.Handover.Make(t.Context(), child, v.ID, "", false); !fault.Is(err, fault.Denied) {
		t.Errorf("handed on: %v", err)
	}
	got, err := b.Handover.EndFollowing(t.Context(), mother, v.ID)
	if err != nil || got.HandedOver == nil || got.HandedOver.Followed || got.State != casework.Accepted {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := b.Matters.Get(t.Context(), child, v.ID); !fault.Is(err, fault.NotFound) || len(mine(b, child)) > 0 {
		t.Errorf("it goes on: %v", err)
	}
	for _, e := range b.Load(v.ID).Thread {
		if e.By.ID == child.Person {
			t.Errorf("%+v names who followed it", e)
		}
	}
	if _, err := b.Handover.EndFollowing(t.Context(), mother, v.ID); !fault.Is(err, fault.WrongState) {
		t.Errorf("ended twice: %v", err)
	}
	b.CheckConsistent()
}

// Who handed it over can stop following it.
func TestAProxyLeaves(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor("the-child"), b.Visitor("the-mother")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.HandOver(child, mother, v.ID, false)
	if got, err := b.Handover.EndFollowing(t.Context(), child, v.ID); err != nil || !got.Empty() {
		t.Errorf("%+v, %v", got, err)
	}
	if len(mine(b, child)) > 0 || !slices.Equal(mine(b, mother), []string{v.ID}) {
		t.Error("the lists are wrong")
	}
}

// A member who filed it for somebody does not handle it after handing it over either.
func TestAProxyDoesNotHandle(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	member, mother := b.Member("m02"), b.Visitor("the-mother")
	v := b.File(member, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	b.HandOver(member, mother, v.ID, false)
	if _, err := b.Try(b.Member("m01"), v.ID, casework.Transfer{To: "m02", Reason: "同村"}); !slices.Equal(desktest.FieldsOf(err), []string{"to"}) {
		t.Errorf("%v", err)
	}
	// The rules propose them neither.
	offers, err := b.Matters.Candidates(t.Context(), b.Liaison(), v.ID)
	if err != nil || slices.ContainsFunc(offers.Candidates, func(x matters.CandidateScore) bool { return x.ID == "m02" }) {
		t.Errorf("%+v, %v", offers, err)
	}
	// Nor does the member who has it take it over.
	v = b.File(mother, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	o := offered(b, mother, v.ID, "")
	claim, err := b.Handover.Claim(t.Context(), b.Member("m01"), o.Token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Handover.Confirm(t.Context(), mother, v.ID, claim.Check); !slices.Equal(desktest.FieldsOf(err), []string{"check"}) {
		t.Errorf("%v", err)
	}
}

// Staff who wrote it down do not follow it as a family does, and the audit has the line.
func TestStaffHandOver(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	liaison, caller := b.Liaison(), b.ByPhone("13900139000")
	v := b.File(liaison, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	o := offered(b, liaison, v.ID, "139 0013 9000")
	if o.Follow || o.PhoneMask != "139****9000" {
		t.Errorf("%+v", o)
	}
	if trail := b.AuditTrail(); !slices.ContainsFunc(trail, func(line string) bool { return strings.Contains(line, "handover") }) {
		t.Errorf("%q", trail)
	}
	if got, err := b.Handover.Redeem(t.Context(), b.Caller(caller.Token), o.Digits, ""); err != nil || got.ID != v.ID {
		t.Fatalf("%+v, %v", got, err)
	}
	if s := b.Load(v.ID); s.Proxy != nil {
		t.Errorf("%+v", s.Proxy)
	}
	if got := b.Look(liaison, v.ID); got.As != access.Liaison || got.HandedOver != nil {
		t.Errorf("%+v", got)
	}
}

// Claims of many people at once are all counted, and of two confirmations one gives it.
func TestClaimsAtOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child := b.Visitor("the-child")
	v := b.File(child, b.Key(station.ForMember, "m01"), desktest.OnBehalf)
	o := offered(b, child, v.ID, "")
	checks := make(chan string, rules.MaxClaims)
	for i := range rules.MaxClaims {
		c := b.Visitor("claimant-" + string(rune('a'+i)))
		go func() {
			claim, err := b.Handover.Claim(t.Context(), c, o.Token)
			if err != nil {
				t.Error(err)
			}
			checks <- claim.Check
		}()
	}
	seen := map[string]bool{}
	for range rules.MaxClaims {
		seen[<-checks] = true
	}
	if len(seen) != rules.MaxClaims {
		t.Errorf("%v", seen)
	}
	if _, err := b.Handover.Claim(t.Context(), b.Visitor("too-late"), o.Token); err == nil || !strings.Contains(err.Error(), "打开的人太多") {
		t.Errorf("one too many: %v", err)
	}
	if o, err := b.Handover.Show(t.Context(), child, v.ID); err != nil || !o.Full {
		t.Errorf("the child is not told that nobody else can open it: %+v, %v", o, err)
	}
	results := make(chan error, len(seen))
	for check := range seen {
		go func() {
			_, err := b.Handover.Confirm(t.Context(), child, v.ID, check)
			results <- err
		}()
	}
	given := 0
	for range seen {
		if err := <-results; err == nil {
			given++
		}
	}
	if given != 1 {
		t.Errorf("given %d times", given)
	}
	b.Clock.Advance(time.Second)
	b.CheckConsistent()
}

// A link that somebody opened stays until it ends, although its owner looks again late: whoever waits is not lost. What
// the owner chose stays as well.
func TestALinkThatWasOpenedStays(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	child, mother := b.Visitor("child"), b.Visitor("mother")
	v := b.Filed(child, "waits-01", casework.Filing{Kind: casework.Help, Text: "药费报不了", OnBehalf: &casework.OnBehalf{Name: "王大妈", Relation: "母亲"}})
	o := offered(b, child, v.ID, "")
	if _, err := b.Handover.Claim(t.Context(), mother, o.Token); err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(13 * time.Hour)
	if again := offered(b, child, v.ID, ""); again.Token != o.Token || !again.Claimed {
		t.Errorf("opened and replaced: %+v", again)
	}
	b.Clock.Advance(12 * time.Hour)
	if again := offered(b, child, v.ID, ""); again.Token == o.Token {
		t.Error("a link past its end is given out again")
	}
}
