package e2e_test

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// audit compares what was acknowledged with everything the API can show.
func (h *holiday) audit() {
	h.Helper()
	station := all[wireSubmission](h.liaison, "/station/submissions", 100)
	byID := map[string]wireSubmission{}
	numbers, texts := map[string]int{}, map[string]int{}
	for _, s := range station {
		if _, twice := byID[s.ID]; twice {
			h.Errorf("%s is listed twice", s.ID)
		}
		byID[s.ID] = s
		numbers[s.Number]++
		texts[s.Text]++
	}
	for text, receipt := range h.acked {
		s, ok := byID[receipt.ID]
		if !ok {
			h.Errorf("%s (%s) was acknowledged: %v", receipt.Number, receipt.ID, errLost)
			continue
		}
		if s.Number != receipt.Number || s.Text != text {
			h.Errorf("%s became %s %q", receipt.Number, s.Number, s.Text)
		}
	}
	for number, n := range numbers {
		if n != 1 {
			h.Errorf("number %s was given %d times", number, n)
		}
	}
	for text, n := range texts {
		if n != 1 {
			h.Errorf("%d submissions for one filing: %s", n, text)
		}
	}
	if len(station) != holidaySubmissions {
		h.Errorf("%d submissions in the station, want %d", len(station), holidaySubmissions)
	}
	h.places(byID)
	h.gauges(byID)
	h.own()
}

// places finds each submission in exactly the one queue its state says.
func (h *holiday) places(byID map[string]wireSubmission) {
	h.Helper()
	in := map[string][]string{}
	note := func(queue string, list []wireSubmission, states ...string) {
		for _, s := range list {
			in[s.ID] = append(in[s.ID], queue)
			if !slices.Contains(states, s.State) {
				h.Errorf("%s is %s and in %s", s.Number, s.State, queue)
			}
		}
	}
	note("pool", all[wireSubmission](h.liaison, "/pool", 7), "pooled", "held")
	for _, m := range h.members {
		id := m.User.MemberID
		note("inbox of "+id, all[wireSubmission](m, "/inbox", 9), "assigned", "accepted", "waiting")
		for _, state := range []string{"answered", "closed", "withdrawn"} {
			note(state+" of "+id, all[wireSubmission](m, "/inbox?state="+state, 100), state)
		}
	}
	states := map[string]int{}
	for id, s := range byID {
		states[s.State]++
		want := "inbox of " + s.assignee()
		switch s.State {
		case "pooled", "held":
			want = "pool"
		case "answered", "closed", "withdrawn":
			want = s.State + " of " + s.assignee()
		}
		if !slices.Equal(in[id], []string{want}) {
			h.Errorf("%s is %s of %q and stands in %v", s.Number, s.State, s.assignee(), in[id])
		}
	}
	for id, queues := range in {
		if _, ok := byID[id]; !ok {
			h.Errorf("%s stands in %v and not in the station", id, queues)
		}
	}
	h.Logf("states in the end: %v", states)
}

// gauges compares the figures the operator sees with the list.
func (h *holiday) gauges(byID map[string]wireSubmission) {
	h.Helper()
	states := map[string]float64{}
	for _, s := range byID {
		states[s.State]++
	}
	m := h.site.metrics()
	for _, state := range []string{"held", "pooled", "assigned", "accepted", "waiting", "answered", "closed", "withdrawn"} {
		if got := m.sum("mashang_queue_length", `queue="`+state+`"`); got != states[state] {
			h.Errorf("mashang_queue_length of %s is %v, the list has %v", state, got, states[state])
		}
	}
}

// own compares each visitor's own list with what was acknowledged to them.
func (h *holiday) own() {
	h.Helper()
	h.crowd(len(h.visitors), func(i int) {
		mine := all[wireSubmission](h.visitors[i], "/submissions", 2)
		if len(mine) != holidaySubmissions/holidayVisitors {
			h.Errorf("visitor %d has %d submissions", i, len(mine))
		}
		for _, s := range mine {
			if receipt, ok := h.acked[s.Text]; !ok || receipt.ID != s.ID {
				h.Errorf("visitor %d holds %s, which was not theirs", i, s.Number)
			}
		}
	})
}

// outboxEmpty waits until no notice waits. A notice that was leased by a
// process that was killed comes back after its lease of 30 s.
func (h *holiday) outboxEmpty() {
	h.Helper()
	eventually(h.T, "the outbox to run empty", func() error {
		if n := h.site.metrics().sum("mashang_outbox_length", `what="waiting"`); n != 0 {
			return fmt.Errorf("%v notices wait", n)
		}
		return nil
	})
	if n := h.site.metrics().sum("mashang_outbox_length", `what="dead"`); n != 0 {
		h.Errorf("%v notices were given up", n)
	}
}

// notices holds the messages on the phones against the timelines: every
// answer reached its visitor once, and every member who has something was
// told of it, never more often than it came to them.
func (h *holiday) notices() {
	h.Helper()
	newcomer, reply := h.cast.template(h.T, "member_new"), h.cast.template(h.T, "visitor_reply")
	came := map[string]int{} // "member number" -> how often it came to them
	h.crowd(len(h.visitors), func(i int) {
		v := h.visitors[i]
		for _, s := range all[wireSubmission](v, "/submissions", 100) {
			s = v.read(s.ID)
			answers := 0
			for _, e := range s.Timeline {
				if e.What == "reply" || e.What == "ask" {
					answers++
				}
				if e.To != nil {
					h.count(came, e.To.ID+" "+s.Number)
				}
			}
			if got := v.told(reply, s.Number); got != answers {
				h.Errorf("%s has %d answers, its visitor was told %d times", s.Number, answers, got)
			}
		}
	})
	for _, receipt := range h.acked {
		if a := receipt.assignee(); a != "" {
			came[a+" "+receipt.Number]++
		}
	}
	open := map[string]bool{}
	for _, m := range h.members {
		for _, s := range all[wireSubmission](m, "/inbox", 100) {
			open[m.User.MemberID+" "+s.Number] = true
		}
		got, others := map[string]int{}, 0
		for _, msg := range m.messages() {
			if msg.TemplateID != newcomer {
				continue
			}
			others += msg.others(h.T)
			for _, v := range msg.Data {
				if _, rest, ok := strings.Cut(v.Value, "-"); ok && len(rest) >= 4 {
					got[m.User.MemberID+" "+v.Value]++
				}
			}
		}
		for key, n := range got {
			if came[key] > 0 && n > came[key] {
				h.Errorf("%s: told %d times, it came %d times", key, n, came[key])
			}
		}
		unnamed := 0
		for key := range open {
			if strings.HasPrefix(key, m.User.MemberID+" ") && got[key] == 0 {
				unnamed++
			}
		}
		// One message names the most urgent of several and counts the others.
		if unnamed > others {
			h.Errorf("%s has %d that no message named, and was told of %d others", m.User.MemberID, unnamed, others)
		}
	}
}

func (h *holiday) count(m map[string]int, key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m[key]++
}

// spent counts, by the consents the emulated phones have left, how many
// messages each member was sent, and holds that against what came to them.
// Messages are forgotten when the server is killed; consents are not. extra
// bounds how many may have been sent twice at a crash.
func (h *holiday) spent(extra int) {
	h.Helper()
	newcomer := h.cast.template(h.T, "member_new")
	came := map[string]int{}
	for _, receipt := range h.acked {
		s := h.liaison.read(receipt.ID)
		if a := cmp.Or(receipt.assignee(), s.assignee()); a != "" { // a receipt that was given again names nobody
			came[a]++
		}
		for _, e := range s.Timeline {
			if e.To != nil {
				came[e.To.ID]++
			}
		}
	}
	const seeded = 20
	twice := 0
	for _, m := range h.members {
		sent := seeded + memberGrants + 1 - m.grant(newcomer, 1)
		switch want := came[m.User.MemberID]; {
		case want > 0 && sent == 0: // one message may tell of several
			h.Errorf("%s was sent no notice, %d submissions came", m.User.MemberID, want)
		case sent > want:
			twice += sent - want
		}
	}
	if h.Logf("%d notices were sent twice", twice); twice > extra {
		h.Errorf("%d notices were sent twice, at most %d can have been in hand", twice, extra)
	}
}

// metrics are the figures of one scrape, a line each.
type metrics map[string]float64

func (s *site) metrics() metrics {
	s.t.Helper()
	a, err := ask(s.t.Context(), http.MethodGet, s.Base+"/metrics", "", nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	m := metrics{}
	lines := bufio.NewScanner(bytes.NewReader(a.body))
	for lines.Scan() {
		name, value, ok := cutLast(lines.Text())
		if v, err := strconv.ParseFloat(value, 64); ok && err == nil && !strings.HasPrefix(name, "#") {
			m[name] = v
		}
	}
	return m
}

func cutLast(line string) (before, after string, ok bool) {
	i := strings.LastIndexByte(line, ' ')
	if i < 0 {
		return "", "", false
	}
	return line[:i], line[i+1:], true
}

// sum adds up a metric over all series that have the label.
func (m metrics) sum(name, label string) float64 {
	total := 0.0
	for series, v := range m {
		if strings.HasPrefix(series, name+"{") && strings.Contains(series, label) {
			total += v
		}
	}
	return total
}

// others is of how many more submissions a message tells than the one it names.
func (m wireMessage) others(t *testing.T) (n int) {
	t.Helper()
	for _, v := range m.Data {
		if _, rest, ok := strings.Cut(v.Value, "另有"); ok {
			if _, err := fmt.Sscanf(rest, "%d件", &n); err != nil {
				t.Errorf("%q: %v", v.Value, err)
			}
			return n
		}
	}
	return 0
}
