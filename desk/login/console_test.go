package login_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// modelLogin is a minimal model of a login at a screen.
type modelLogin struct {
	state string
	by    string // who looked first
	tries int
}

func (m *modelLogin) look(who string) string {
	if m.state == record.LoginWaiting {
		m.state, m.by = record.LoginSeen, who
	}
	if m.by != who {
		return string(fault.NotFound)
	}
	return "ok"
}

func (m *modelLogin) answer(who string, allow, right bool) string {
	if got := m.look(who); got != "ok" {
		return got
	}
	switch {
	case m.state != record.LoginSeen:
		return string(fault.WrongState)
	case !allow:
		m.state = record.LoginRefused
	case right:
		m.state = record.LoginApproved
	default:
		if m.tries++; m.tries == 2 {
			m.state = record.LoginRefused
		}
		return string(fault.Invalid) + " number"
	}
	return "ok"
}

func (m *modelLogin) take(own bool) string {
	switch {
	case !own:
		return string(fault.NotFound)
	case m.state != record.LoginApproved:
		return string(fault.WrongState)
	}
	m.state = record.LoginUsed
	return "ok"
}

// After any sequence of calls a login at a screen agrees with the model: only the browser that began it watches
// and uses it, only the first scanner answers, two wrong numbers refuse it, and it is used once.
func TestLoginAtAScreenIsAsItsModel(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	people := []access.Caller{b.Liaison(), b.Admin()}
	for seed := range uint64(120) {
		dice := rand.New(rand.NewPCG(seed, 1))
		o, m := b.Offer(), modelLogin{state: record.LoginWaiting}
		var done []string
		for range 9 {
			who, secret, number := people[dice.IntN(2)], o.Secret, o.Number
			own, right := dice.IntN(4) > 0, dice.IntN(2) > 0
			if !own {
				secret = b.Offer().Secret // another browser's
			}
			if !right {
				number = wrongNumber(number)
			}
			var got, want, what string
			switch dice.IntN(5) {
			case 0:
				what = fmt.Sprintf("watch own=%v", own)
				state, err := b.Login.WatchLogin(t.Context(), o.ID, secret)
				got, want = desktest.KindOf(err)+" "+state, "ok "+m.state
				if !own {
					want = string(fault.NotFound) + " "
				}
			case 1:
				what = "look " + who.ID
				_, err := b.Login.ClaimLogin(t.Context(), who, o.ID)
				got, want = desktest.KindOf(err), m.look(who.ID)
			case 2:
				what = "refuse " + who.ID
				if dice.IntN(3) > 0 {
					continue // or nearly every login ends so
				}
				got, want = desktest.KindOf(b.Login.AnswerLogin(t.Context(), who, o.ID, "", false)), m.answer(who.ID, false, false)
			case 3:
				what = fmt.Sprintf("allow %s right=%v", who.ID, right)
				got, want = desktest.KindOf(b.Login.AnswerLogin(t.Context(), who, o.ID, number, true)), m.answer(who.ID, true, right)
			default:
				what = fmt.Sprintf("take own=%v", own)
				s, err := b.Login.OpenConsoleSession(t.Context(), o.ID, secret)
				got, want = desktest.KindOf(err), m.take(own)
				if c, _ := b.Login.ConsoleCaller(t.Context(), s.Token); err == nil && c.ID != m.by {
					t.Errorf("seed %d: %s allowed, %s sits there", seed, m.by, c.ID)
				}
			}
			if done = append(done, what); got != want {
				t.Fatalf("seed %d: %s\ngot %s, want %s", seed, strings.Join(done, ", "), got, want)
			}
		}
	}
}

// wrongNumber is another number than the one on the screen.
func wrongNumber(number string) string {
	if number == "10" {
		return "11"
	}
	return "10"
}

func TestOnlyStaffUseTheConsole(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	o := b.Offer()
	for _, c := range []access.Caller{b.Visitor("somebody"), b.Member("m01"), b.Bound(desktest.Here, access.Department, "d01")} {
		if _, err := b.Login.ClaimLogin(t.Context(), c, o.ID); !fault.Is(err, fault.Denied) {
			t.Errorf("%s looks: %v", c.Role, err)
		}
		if err := b.Login.AnswerLogin(t.Context(), c, o.ID, o.Number, true); !fault.Is(err, fault.Denied) {
			t.Errorf("%s answers: %v", c.Role, err)
		}
		if _, err := b.Login.Credentials(t.Context(), c); !fault.Is(err, fault.Denied) {
			t.Errorf("%s has credentials: %v", c.Role, err)
		}
		if err := b.Login.SetPassword(t.Context(), c, "", "", "a long password"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s sets a password: %v", c.Role, err)
		}
		if _, err := b.Login.ConsoleSessions(t.Context(), c, ""); !fault.Is(err, fault.Denied) {
			t.Errorf("%s lists seats: %v", c.Role, err)
		}
	}
	if _, err := b.Login.ClaimLogin(t.Context(), access.Caller{}, o.ID); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody looks: %v", err)
	}
	// None of them used it: the staff still can.
	if state, err := b.Login.WatchLogin(t.Context(), o.ID, o.Secret); state != record.LoginWaiting || err != nil {
		t.Errorf("%s, %v", state, err)
	}
	if _, err := b.Login.ClaimLogin(t.Context(), b.Liaison(), "nonsense"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown login: %v", err)
	}
}

// A code on a screen lives three minutes, whatever happens to it meanwhile.
func TestCodeOnAScreenEnds(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Liaison()
	o := b.Offer()
	if !o.ExpiresAt.Equal(desktest.Start.Add(3*time.Minute)) || o.URL != "https://q.example.cn/m/pages/approve/index?login="+o.ID ||
		string(o.Drawing) != "svg "+o.URL || len(o.Number) != 2 || strings.Contains(o.URL, o.Secret) {
		t.Errorf("%+v", o)
	}
	l, err := b.Login.ClaimLogin(t.Context(), c, o.ID)
	if err != nil || l.Agent != desktest.Browser || !l.At.Equal(desktest.Start) || !l.ExpiresAt.Equal(o.ExpiresAt) || l.State != record.LoginSeen {
		t.Errorf("%+v, %v", l, err)
	}
	before := b.TTLOf("screen:*")
	if err := b.Login.AnswerLogin(t.Context(), c, o.ID, wrongNumber(o.Number), true); desktest.KindOf(err) != "invalid number" {
		t.Fatal(err)
	}
	if left := b.TTLOf("screen:*"); left > before || before > 3*time.Minute || left < 2*time.Minute {
		t.Errorf("%v left, then %v", before, left)
	}
	b.Expire("screen:*")
	_, watch := b.Login.WatchLogin(t.Context(), o.ID, o.Secret)
	_, look := b.Login.ClaimLogin(t.Context(), c, o.ID)
	answer := b.Login.AnswerLogin(t.Context(), c, o.ID, o.Number, true)
	_, take := b.Login.OpenConsoleSession(t.Context(), o.ID, o.Secret)
	for i, err := range []error{watch, look, answer, take} {
		if !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "过期") {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

func TestLoginIsUsedOnceConcurrently(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	o := b.ApprovedLogin(b.Liaison())
	other := b.SecondDesk()
	var all sync.WaitGroup
	var won atomic.Int32
	for i := range 20 {
		d := b.Desk
		if i%2 == 1 {
			d = other
		}
		all.Go(func() {
			if _, err := d.Login.OpenConsoleSession(t.Context(), o.ID, o.Secret); err == nil {
				won.Add(1)
			} else if !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.WrongState) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seats, err := b.Login.ConsoleSessions(t.Context(), b.Liaison(), "")
	if won.Load() != 1 || len(seats) != 1 || err != nil {
		t.Errorf("%d won, seats %v, %v", won.Load(), seats, err)
	}
}

func TestConsoleSessionExpires(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	liaison, admin := b.Liaison(), b.Admin()
	s := b.OpenConsole(liaison)
	if !s.ExpiresAt.Equal(desktest.Start.Add(12*time.Hour)) || s.StationID != desktest.Here || s.Station != desktest.Town().Name || s.User.ID != liaison.Person {
		t.Errorf("%+v", s)
	}
	key := "sess:" + hashed(s.Token)
	near := func(what string, want time.Duration) {
		t.Helper()
		if left := b.TTLOf(key); left > want || left < want-time.Minute {
			t.Errorf("%s: %v left, want %v", what, left, want)
		}
	}
	near("at first", time.Hour)
	for at := 10 * time.Minute; at <= 11*time.Hour+30*time.Minute; at += 40 * time.Minute {
		b.Clock.Set(desktest.Start.Add(at))
		if err := b.Server.Client(t).Expire(t.Context(), key, 20*time.Minute).Err(); err != nil {
			t.Fatal(err)
		}
		if c, err := b.Login.ConsoleCaller(t.Context(), s.Token); err != nil || c.ID != "l01" {
			t.Fatalf("after %v: %v", at, err)
		}
		near(fmt.Sprint("used after ", at), min(time.Hour, 12*time.Hour-at))
	}
	b.Clock.Set(desktest.Start.Add(12 * time.Hour))
	b.WantConsoleEnded("after twelve hours", s.Token)

	// Nobody uses this one for an hour.
	idle := b.OpenConsole(admin)
	b.Expire("sess:" + hashed(idle.Token))
	b.Clock.Advance(11 * time.Second) // what was read may be used for ten
	b.WantConsoleEnded("after an hour without use", idle.Token)
	if seats, err := b.Login.ConsoleSessions(t.Context(), admin, ""); len(seats) != 0 || err != nil {
		t.Errorf("it is still listed: %v, %v", seats, err)
	}
}

// A phone's session has its own life, also where the console's would end.
func TestPhoneSessionIsNoConsoleSession(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	liaison := b.Liaison()
	phone := b.Open(desktest.OpenidOf(desktest.Here, access.Liaison, "l01"), "")
	b.Clock.Advance(13 * time.Hour)
	if c, err := b.Login.ConsoleCaller(t.Context(), phone.Token); err != nil || c.Person != liaison.Person {
		t.Errorf("%+v, %v", c, err)
	}
	if left := b.TTLOf("sess:" + hashed(phone.Token)); left < 29*24*time.Hour {
		t.Errorf("%v left", left)
	}
	if _, err := b.Login.ConsoleSession(t.Context(), liaison, phone.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("it is a seat: %v", err)
	}
}

func TestConsoleSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	liaison, admin := b.Liaison(), b.Admin()
	first := b.OpenConsole(liaison)
	b.Clock.Advance(6 * time.Minute)
	second, others := b.OpenConsole(liaison), b.OpenConsole(admin)
	list, err := b.Login.ConsoleSessions(t.Context(), liaison, second.Token)
	if err != nil || len(list) != 2 || !list[0].Here || list[1].Here || list[0].Agent != desktest.Browser || list[0].By != "scan" ||
		list[1].At != desktest.Start.UnixMilli() || list[1].Until != desktest.Start.Add(12*time.Hour).UnixMilli() {
		t.Fatalf("%+v, %v", list, err)
	}
	if strings.Contains(first.Token+second.Token, list[0].ID) {
		t.Error("an id opens something")
	}
	theirs, err := b.Login.ConsoleSessions(t.Context(), admin, others.Token)
	if err != nil || len(theirs) != 1 {
		t.Fatal(theirs, err)
	}
	for _, id := range []string{theirs[0].ID, "", "nonsense"} {
		if err := b.Login.EndConsoleSession(t.Context(), liaison, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if err := b.Login.EndConsoleSession(t.Context(), liaison, list[1].ID); err != nil {
		t.Fatal(err)
	}
	b.WantConsoleEnded("ended elsewhere", first.Token)
	if _, err := b.Login.ConsoleCaller(t.Context(), second.Token); err != nil {
		t.Error(err)
	}
	if err := b.Login.SignOut(t.Context(), liaison, second.Token); err != nil {
		t.Fatal(err)
	}
	b.WantConsoleEnded("signed out", second.Token)
	if _, err := b.Login.ConsoleCaller(t.Context(), others.Token); err != nil {
		t.Errorf("somebody else's: %v", err)
	}
}

func TestConsoleSessionNeedsTheRole(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	liaison, admin := b.Liaison(), b.Admin()
	password, secret, codes := b.SetUpCredentials(liaison)
	s, pending := b.OpenConsole(liaison), b.ApprovedLogin(liaison)

	// Out of the roster: the session is a visitor's, and no new one opens.
	st := desktest.Town()
	st.Liaisons[0].Left = true
	b.Put(st, 1)
	b.Clock.Advance(3 * time.Second) // what was read of the roster may be used for two
	c, err := b.Login.ConsoleCaller(t.Context(), s.Token)
	if err != nil || c.Role != access.Visitor {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := b.Audit.AuditList(t.Context(), c, audit.Filter{}, "", 10); !fault.Is(err, fault.Denied) {
		t.Errorf("reads on: %v", err)
	}
	if _, err := b.Login.OpenConsoleSession(t.Context(), pending.ID, pending.Secret); !fault.Is(err, fault.Denied) {
		t.Errorf("a login that was allowed before: %v", err)
	}
	b.Clock.Advance(time.Minute)
	// The answer is that of a wrong password: it does not reveal who was on the roster.
	if _, err := b.Login.SignIn(t.Context(), "l01@lj", password, b.Code(secret), desktest.Browser); desktest.KindOf(err) != "invalid password" {
		t.Errorf("by password: %v", err)
	}

	// Back, and then unbound from the phone that was lost.
	back := desktest.Town()
	b.Put(back, 2)
	b.Clock.Advance(3 * time.Second)
	if c, err := b.Login.ConsoleCaller(t.Context(), s.Token); err != nil || c.Role != access.Liaison {
		t.Fatalf("%+v, %v", c, err)
	}
	if err := b.Identity.Unbind(t.Context(), admin, access.Liaison, "l01"); err != nil {
		t.Fatal(err)
	}
	b.WantConsoleEnded("unbound", s.Token)
	b.Clock.Advance(time.Minute)
	if _, err := b.Login.SignIn(t.Context(), "l01@lj", password, b.Code(secret), desktest.Browser); desktest.KindOf(err) != "invalid password" {
		t.Errorf("by the password of before: %v", err)
	}

	// The same WeChat on a new phone: the lost phone's credentials open nothing.
	again := b.Bound(desktest.Here, access.Liaison, "l01")
	if again.Person != liaison.Person {
		t.Fatalf("%s, not %s", again.Person, liaison.Person)
	}
	b.Clock.Advance(time.Minute)
	for _, code := range []string{b.Code(secret), codes[0]} {
		if _, err := b.Login.SignIn(t.Context(), "l01@lj", password, code, desktest.Browser); desktest.KindOf(err) != "invalid password" {
			t.Errorf("by what the lost phone knew: %v", err)
		}
	}
	if k, err := b.Login.Credentials(t.Context(), again); err != nil || !k.SetAt.IsZero() || k.App || k.Recovery != 0 {
		t.Errorf("%+v, %v", k, err)
	}
}

// Each new console session is audited, without anything that opens one.
func TestSignInIsAudited(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	liaison := b.Liaison()
	password, secret, codes := b.SetUpCredentials(liaison)
	b.Clock.Advance(time.Minute)
	o := b.ApprovedLogin(liaison)
	s, err := b.Login.OpenConsoleSession(t.Context(), o.ID, o.Secret)
	if err != nil {
		t.Fatal(err)
	}
	code := b.Code(secret)
	by, err := b.Login.SignIn(t.Context(), "l01@lj", password, code, desktest.Browser)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := b.Audit.AuditList(t.Context(), liaison, audit.Filter{}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines.Items {
		got = append(got, strings.TrimSpace(l.Action+" "+l.ID+" "+l.Why))
	}
	for _, want := range []string{
		"sign-in l01 密码和动态码，" + desktest.Browser, "sign-in l01 手机扫码，" + desktest.Browser, "totp l01 启用动态码", "password l01 设置密码",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("the audit lacks %q:\n%s", want, strings.Join(got, "\n"))
		}
	}
	opens := append([]string{s.Token, by.Token, o.Secret, o.ID, password, secret}, codes...)
	for key, value := range b.DumpKeys() {
		for _, x := range opens {
			if strings.Contains(key+value, x) {
				t.Errorf("%s holds what opens something", key)
			}
		}
	}
	for _, x := range append(opens, code) {
		if strings.Contains(b.Log.String(), x) {
			t.Error("the log holds what opens something")
		}
	}
}
