package handover_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/fault"
	"mashang/domain/handover"
)

var start = time.Date(2026, 5, 20, 9, 0, 0, 0, time.UTC)

// TestOffer drives an offer through any steps beside a model in words of its own: who claims a link, which digits
// name whom, how often the filer may err, and when each way ends.
func TestOffer(t *testing.T) {
	t.Parallel()
	given, redeemed, spoilt, crowded, late := 0, 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		now := start
		o := handover.New("hh-1", "filer", "token", rapid.Bool().Draw(t, "follow"), now)
		shown := map[string]string{} // the digits that each claimant was shown
		wrong := 0
		digits, digitsAt := "", time.Time{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 120).Draw(t, "minutes")) * time.Minute)
			open := now.Before(start.Add(24*time.Hour)) && wrong < 3
			before := o
			switch rapid.SampledFrom([]string{"claim", "claim", "confirm", "digits", "redeem"}).Draw(t, "step") {
			case "claim":
				who := rapid.SampledFrom([]string{"filer", "a", "b", "c", "d", "e", "f", "g"}).Draw(t, "who")
				next, c, err := o.Claim(who, rapid.Uint64().Draw(t, "seed"), now)
				had := shown[who]
				may := open && who != "filer" && (had != "" || len(shown) < 5)
				if (err == nil) != may {
					t.Fatalf("%s claims, %d others, open %v: %v", who, len(shown), open, err)
				}
				if err != nil {
					if len(shown) >= 5 {
						crowded++
					}
					continue
				}
				n, convErr := strconv.Atoi(c.Check)
				if convErr != nil || n < 10 || n > 99 || had != "" && had != c.Check {
					t.Fatalf("%s is shown %q, before %q", who, c.Check, had)
				}
				for other, check := range shown {
					if other != who && check == c.Check {
						t.Fatalf("%s and %s have the same digits", who, other)
					}
				}
				shown[who], o = c.Check, next
			case "confirm":
				check := strconv.Itoa(rapid.IntRange(10, 99).Draw(t, "check"))
				if len(shown) > 0 && rapid.Bool().Draw(t, "asked") {
					names := make([]string, 0, len(shown))
					for who := range shown {
						names = append(names, who)
					}
					slices.Sort(names)
					check = shown[rapid.SampledFrom(names).Draw(t, "whom")]
				}
				want := ""
				for who, c := range shown {
					if c == check {
						want = who
					}
				}
				next, person, err := o.Confirm(check, now)
				switch {
				case !open:
					if person != "" || !fault.Is(err, fault.WrongState) {
						t.Fatalf("given after the end: %q, %v", person, err)
					}
					late++
				case want == "":
					wrong++
					if person != "" || !fault.Is(err, fault.Invalid) || next.LinkOpen(now) != (wrong < 3) {
						t.Fatalf("wrong digits %d: %q, %v", wrong, person, err)
					}
					if wrong == 3 {
						spoilt++
					}
				case person != want || err != nil:
					t.Fatalf("%s of %v gives it to %q, %v", check, shown, person, err)
				default:
					given++
				}
				o = next
			case "digits":
				digits, digitsAt = strconv.Itoa(rapid.IntRange(100000, 100002).Draw(t, "six")), now
				o = o.WithDigits(digits, []string{"old key " + digits, digits}, "138****1234", now)
			case "redeem":
				hash := strconv.Itoa(rapid.IntRange(100000, 100003).Draw(t, "hash"))
				if rapid.Bool().Draw(t, "old key") {
					hash = "old key " + hash
				}
				want := digits != "" && (hash == digits || hash == "old key "+digits) && now.Before(digitsAt.Add(30*time.Minute))
				if got := o.Redeem(hash, now); got != want {
					t.Fatalf("%q for %q after %v: %v", hash, digits, now.Sub(digitsAt), got)
				}
				if want {
					redeemed++
				}
			}
			if len(before.Claims) > len(o.Claims) || o.Submission != "hh-1" || o.By != "filer" {
				t.Fatalf("%+v became %+v", before, o)
			}
		}
	})
	if given == 0 || redeemed == 0 || spoilt == 0 || crowded == 0 || late == 0 {
		t.Errorf("never seen: given %d, redeemed %d, spoilt %d, crowded %d, late %d", given, redeemed, spoilt, crowded, late)
	}
}

// A link that leads nowhere answers alike, whatever the reason is.
func TestAClosedLinkTellsNothing(t *testing.T) {
	t.Parallel()
	full := handover.New("hh-1", "filer", "token", true, start)
	for i := range handover.MaxClaims {
		full, _, _ = full.Claim("p"+strconv.Itoa(i), 7, start)
	}
	spoilt := handover.New("hh-1", "filer", "token", true, start)
	for range handover.MaxWrong {
		spoilt, _, _ = spoilt.Confirm("10", start)
	}
	for what, err := range map[string]error{
		"unknown": handover.Closed(),
		"full":    last(full.Claim("another", 7, start)),
		"spoilt":  last(spoilt.Claim("another", 7, start)),
		"late":    last(handover.New("hh-1", "filer", "token", true, start).Claim("another", 7, start.Add(handover.LinkTTL))),
		"empty":   last(handover.Offer{}.Claim("another", 7, start)),
	} {
		if e, ok := errors.AsType[*fault.Error](err); !ok || e.Error() != handover.Closed().Error() || e.Code != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	if (handover.Offer{}).Redeem("", start) {
		t.Error("nothing redeems nothing")
	}
}

// An offer that is being given to somebody waits: it is neither changed nor given to another, until this is over.
func TestReserve(t *testing.T) {
	t.Parallel()
	o := handover.New("hh-1", "filer", "token", true, start)
	if err := o.Free(start); err != nil {
		t.Errorf("a new one: %v", err)
	}
	o, err := o.Reserve("father", start)
	if err != nil || !fault.Is(o.Free(start), fault.WrongState) {
		t.Errorf("reserved: %v, %v", err, o.Free(start))
	}
	if _, err := o.Reserve("another", start); !fault.Is(err, fault.WrongState) {
		t.Errorf("for another: %v", err)
	}
	if _, err := o.Reserve("father", start); err != nil {
		t.Errorf("repeated: %v", err)
	}
	if err := o.Released().Free(start); err != nil {
		t.Errorf("released: %v", err)
	}
	late := start.Add(handover.ReserveTTL)
	if err := o.Free(late); err != nil {
		t.Errorf("late: %v", err)
	}
	if _, err := o.Reserve("another", late); err != nil {
		t.Errorf("for another, late: %v", err)
	}
	if over := o.TakenBack(); over.LinkOpen(start) || over.DigitsOpen(start) || over.Free(start) != nil || over.Submission != "hh-1" {
		t.Errorf("taken back: %+v", over)
	}
}

func last(_ handover.Offer, _ handover.Claim, err error) error { return err }
