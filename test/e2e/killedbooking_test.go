package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// wireBooking is a booking of a reception day.
type wireBooking struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	State  string `json:"state"`
	Slot   string `json:"slot"`
	Day    struct {
		Slots []struct {
			From string `json:"from"`
			Left int    `json:"left"`
		} `json:"slots"`
	} `json:"day"`
}

const killedSeats = 40

// receptionDay is a published day with killedSeats seats in each half-hour, and the path of its bookings.
func receptionDay(t *testing.T, s *site) (station, path string) {
	t.Helper()
	liaison := s.liaison(s.cast())
	var roster struct {
		Version int `json:"version"`
		Station struct {
			ID string `json:"id"`
		} `json:"station"`
	}
	liaison.call(http.StatusOK, http.MethodGet, "/station/roster", nil, &roster)
	liaison.call(http.StatusOK, http.MethodPut, "/station/roster/receptions/jkill", object{
		"version": roster.Version, "name": "接待", "repeat": "每周一、周二、周三、周四、周五、周六、周日", "holidays": "keep", "from": "09:00", "to": "12:00",
		"seats": killedSeats, "publish": 7,
	}, nil)
	var plan struct {
		Items []struct {
			ID       string `json:"id"`
			Rule     string `json:"rule"`
			State    string `json:"state"`
			Revision int    `json:"revision"`
		} `json:"items"`
	}
	liaison.call(http.StatusOK, http.MethodGet, "/reception/days", nil, &plan)
	n := 0
	for _, d := range plan.Items {
		if d.Rule != "jkill" {
			continue
		}
		// The third is more than a day ahead, whatever the hour.
		if n++; n < 3 {
			continue
		}
		if d.State == "draft" {
			// The server may publish it meanwhile.
			if a, err := liaison.do(t.Context(), http.MethodPost, "/reception/days/"+d.ID+"/publish", object{"revision": d.Revision}); err != nil || a.status != http.StatusOK && a.status != http.StatusConflict {
				t.Fatalf("publish: %v %v", a, err)
			}
		}
		return roster.Station.ID, "/stations/" + roster.Station.ID + "/receptions/" + d.ID + "/bookings"
	}
	t.Fatal("no day to book")
	return "", ""
}

// send writes a request on a connection of its own, whose answer nobody reads.
func (p *phone) send(path, key string, body object) net.Conn {
	p.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.site.Base+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.Token)
	r.Header.Set("Idempotency-Key", key)
	conn, err := (&net.Dialer{}).DialContext(p.t.Context(), "tcp", strings.TrimPrefix(p.site.Base, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	if err := r.Write(conn); err != nil {
		p.t.Fatal(err)
	}
	return conn
}

// TestKilledBetweenBookingAndAnswer kills the server with -9 after a booking was sent and before its answer is read: in every
// other round once the booking is there, else at a moment that is not chosen. The same request with the same key then finds
// the same booking with the same number, and takes one seat.
func TestKilledBetweenBookingAndAnswer(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	st, path := receptionDay(t, s)
	numbers := map[string]string{}
	for round := range killRounds {
		v := s.user(fmt.Sprintf("visitor-books-%d", round))
		key, body := fmt.Sprintf("booking-%d", round), object{"slot": "09:30", "persons": 2, "words": "路灯"}
		mine := func() (list []wireBooking) {
			var page struct {
				Items []wireBooking `json:"items"`
			}
			v.call(http.StatusOK, http.MethodGet, "/stations/"+st+"/bookings", nil, &page)
			return page.Items
		}
		conn := v.send(path, key, body)
		var before []wireBooking
		if round%2 == 1 {
			eventually(t, "the booking to be there", func() error {
				if before = mine(); len(before) == 0 {
					return errNotYet
				}
				return nil
			})
		} else {
			pause(t.Context(), time.Duration(round)*time.Millisecond)
		}
		s.kill()
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		s.start()
		s.ready()
		after := mine()
		if len(after) < len(before) {
			t.Fatalf("round %d: %v", round, errLost)
		}
		var got wireBooking
		for range 2 {
			a, err := ask(t.Context(), http.MethodPost, s.Base+"/api/v1"+path, v.Token, http.Header{"Idempotency-Key": {key}}, body)
			if err != nil {
				t.Fatal(err)
			}
			v.wants(http.StatusCreated, a, &got)
			if len(after) == 1 && (got.ID != after[0].ID || got.Number != after[0].Number) {
				t.Errorf("round %d: sent again it is %s %s, and was %s %s", round, got.ID, got.Number, after[0].ID, after[0].Number)
			}
			after = mine()
			if len(after) != 1 || after[0].State != "booked" {
				t.Fatalf("round %d: %+v", round, after)
			}
		}
		if whose, taken := numbers[got.Number]; taken {
			t.Errorf("round %d has the number %s of %s", round, got.Number, whose)
		}
		numbers[got.Number] = v.OpenID
		for _, x := range got.Day.Slots {
			if want := killedSeats - round - 1; x.From == "09:30" && x.Left != want {
				t.Errorf("round %d: %d seats are left, want %d", round, x.Left, want)
			}
		}
	}
	if len(numbers) != killRounds {
		t.Errorf("%d numbers for %d bookings", len(numbers), killRounds)
	}
}
