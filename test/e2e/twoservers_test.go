package e2e_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"mashang/domain/notice"
	"mashang/wechat/emulator"
)

// The load of the faulty platform: each submission is answered and closed, so it
// causes three notices, and is worked on at both servers.
const (
	faultyVisitors = 12
	faultyEach     = 6
)

const sendPath = "/cgi-bin/message/subscribe/send"

// faulty is what goes wrong with sending while people work.
var faulty = []emulator.Fault{
	{Path: sendPath, Kind: emulator.FaultCutBefore, Chance: .04},
	{Path: sendPath, Kind: emulator.FaultCutAfter, Chance: .05},
	{Path: sendPath, Kind: emulator.FaultMalformed, Chance: .03},
	{Path: sendPath, Kind: emulator.FaultStatus, Chance: .03},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: -1, Chance: .06},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: 40001, Chance: .04},
	{Path: sendPath, Kind: emulator.FaultErrcode, Code: 43108, Chance: .04},
	{Path: sendPath, Kind: emulator.FaultRevoke, Chance: .02},
	{Path: sendPath, Kind: emulator.FaultDelay, Delay: 150 * time.Millisecond, Chance: .1},
}

// TestTwoServersAndAFaultyPlatform: two servers side by side on one Redis and one
// platform that fails in every way it knows. Nothing that was to be told is lost,
// and nobody is told twice but where an answer was lost.
func TestTwoServersAndAFaultyPlatform(t *testing.T) {
	t.Parallel()
	socket := otherRedis(t, "always")
	one := newSite(t, map[string]string{"MASHANG_REDIS_ADDR": socket, "MASHANG_LIMITS_PERSON_PER_MINUTE": "10000", "MASHANG_LIMITS_SUBMISSIONS_PER_DAY": "1000"})
	two := newSite(t, one.Env)
	two.Env["MASHANG_HTTP_ADDR"], two.Env["MASHANG_METRICS_ADDR"], two.Env["MASHANG_DATA_DIR"] = two.Base[len("http://"):], two.Base[len("http://"):], two.Dir
	s := newStage(t, one, two)
	one.start()
	one.ready()
	two.start()
	two.ready()
	f := &faultyRun{T: t, stage: s}
	f.people()
	if err := s.emu.SetFaults(faulty...); err != nil {
		t.Fatal(err)
	}
	f.file()
	f.settled()
	f.each("reply", func(s wireSubmission) object { return object{"version": s.Version, "text": "今晚就装"} })
	f.settled()
	f.each("close", func(s wireSubmission) object {
		return object{"version": s.Version + 1, "outcome": "solved", "text": "已装好"}
	})
	f.settled()
	hits := map[emulator.FaultKind]int{}
	for _, l := range s.emu.Faults() {
		hits[l.Kind] += l.Hits
	}
	f.judge(hits)
}

type faultyRun struct {
	*testing.T

	stage    *stage
	key      string
	members  [2]*phone // the same member at both servers
	visitors [2][]*phone
	mu       sync.Mutex
	filed    map[string][]wireSubmission // by visitor
}

func (f *faultyRun) people() {
	f.Helper()
	one, two := f.stage.sites[0], f.stage.sites[1]
	r := smallRoster()
	r["委员"][1][8] = "1000"
	invitations := filepath.Join(one.work, "invitations.csv")
	one.mustRun("roster", "import", "--invitations", invitations, r.folder(f.T))
	codes := readInvitations(f.T, invitations)
	const member = "oMember-of-two-servers-000001"
	for i, site := range []*site{one, two} {
		f.members[i] = f.stage.enter(site, member)
		for v := range faultyVisitors {
			f.visitors[i] = append(f.visitors[i], f.stage.enter(site, fmt.Sprintf("oVisitor-of-two-servers-%04d", v)))
		}
	}
	f.members[0].call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": codes["黄土坡"]}, nil)
	liaison := f.stage.enter(one, "oLiaison-of-two-servers-00001")
	liaison.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": codes["梁上燕"]}, nil)
	f.key = one.keyOf(liaison)
	f.stage.allows(member, faultyVisitors*faultyEach*2, notice.MemberNew)
	for _, v := range f.visitors[0] {
		f.stage.allows(v.OpenID, faultyEach*2, notice.VisitorReply, notice.VisitorClosed, notice.VisitorProgress)
	}
	eventually(f.T, "the consents to be counted", func() error {
		if n := one.metrics()["mashang_arrivals_waiting"]; n != 0 {
			return fmt.Errorf("%v arrivals wait", n)
		}
		return nil
	})
}

// file files at both servers.
func (f *faultyRun) file() {
	f.filed = map[string][]wireSubmission{}
	f.crowd(func(v int) {
		for n := range faultyEach {
			visitor := f.visitors[n%2][v]
			a, err := visitor.file(f.Context(), fmt.Sprintf("two-servers-%d-%d", v, n), object{
				"scene": f.key, "kind": "complaint", "text": fmt.Sprintf("第 %d 位的第 %d 件：停车场没有灯", v, n),
			})
			var s wireSubmission
			if err != nil || a.status != http.StatusCreated || a.into(&s) != nil || s.assignee() != "m02" {
				f.Errorf("file: %v %v", err, a)
				return
			}
			f.mu.Lock()
			f.filed[visitor.OpenID] = append(f.filed[visitor.OpenID], s)
			f.mu.Unlock()
		}
	})
}

// each does one act of the member to every submission, at both servers.
func (f *faultyRun) each(act string, body func(wireSubmission) object) {
	f.crowd(func(v int) {
		for n, s := range f.filed[f.visitors[0][v].OpenID] {
			a, err := f.members[n%2].do(f.Context(), http.MethodPost, "/submissions/"+s.ID+"/"+act, body(s))
			if err != nil || a.status != http.StatusOK {
				f.Errorf("%s: %v %v", act, err, a)
				return
			}
		}
	})
}

// crowd runs one for each visitor at the same time.
func (f *faultyRun) crowd(one func(v int)) {
	var all sync.WaitGroup
	for v := range faultyVisitors {
		all.Go(func() { one(v) })
	}
	all.Wait()
}

// settled waits until every notice has its outcome, the platform being as bad as
// before.
func (f *faultyRun) settled() {
	f.Helper()
	eventually(f.T, "the outbox to run empty", func() error {
		if n := f.stage.sites[0].metrics().sum("mashang_outbox_length", `what="waiting"`); n != 0 {
			return fmt.Errorf("%v notices wait", n)
		}
		return nil
	})
}

// judge holds what lies on the phones against what was to be told.
func (f *faultyRun) judge(hits map[emulator.FaultKind]int) {
	f.Helper()
	missing, doubled := map[notice.Purpose]int{}, 0
	count := func(openid string, p notice.Purpose, number string) {
		n := 0
		for _, m := range f.stage.emu.Messages(openid) {
			if m.Template == tmpl(p) && m.Data["character_string1"].Value == number {
				n++
			}
		}
		if n == 0 {
			missing[p]++
		}
		doubled += max(n-1, 0)
	}
	for openid, list := range f.filed {
		for _, s := range list {
			count(f.members[0].OpenID, notice.MemberNew, s.Number)
			count(openid, notice.VisitorReply, s.Number)
			count(openid, notice.VisitorClosed, s.Number)
		}
	}
	outcomes := map[string]float64{}
	for _, site := range f.stage.sites {
		m := site.metrics()
		for _, o := range []string{"sent", "retry", "unknown", "unconfirmed", "joined", "moot", "no_consent", "refused", "dead"} {
			outcomes[o] += m.sum("mashang_notices_total", `outcome="`+o+`"`)
		}
	}
	if outcomes["sent"] == 0 {
		f.Error("nothing was sent")
	}
	f.Logf("outcomes %v, missing %v, doubled %d", outcomes, missing, doubled)
	// A member's notice that was joined is told by the message of another, which
	// counts it; of a visitor's every one that is missing has to be unconfirmed.
	if n := missing[notice.MemberNew]; float64(n) > outcomes["joined"]+outcomes["unconfirmed"] {
		f.Errorf("%d notices to the member are missing, %v were joined", n, outcomes["joined"])
	}
	if n := missing[notice.VisitorReply] + missing[notice.VisitorClosed]; float64(n) > outcomes["unconfirmed"] {
		f.Errorf("%d notices to visitors are missing, %v ended unconfirmed", n, outcomes["unconfirmed"])
	}
	if lost := hits[emulator.FaultCutAfter] + hits[emulator.FaultMalformed]; doubled > lost {
		f.Errorf("%d doubles, but only %d answers were lost after the effect", doubled, lost)
	}
	for _, o := range []string{"no_consent", "refused", "dead", "moot"} {
		if outcomes[o] != 0 {
			f.Errorf("%v notices ended %s", outcomes[o], o)
		}
	}
}
