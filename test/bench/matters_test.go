package bench_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"
)

// BenchmarkMatters asks for the liaison's list of a station with 100,000
// submissions in every way: each in turns with a member's inbox, which reads and
// sends as many submissions and looks for none.
func BenchmarkMatters(b *testing.B) {
	w := everything(b)
	must(b, w.enough(b.Context(), visitors))
	must(b, w.seed(b.Context(), largeStation-len(w.filed)))
	must(b, w.counted(b.Context(), max(largeStation, len(w.filed))))
	b.Run("first", w.firstMatters)
	for _, what := range []struct {
		name, query string
		least, most int // how many are found
	}{
		{"list", "", largeStation, 0},
		{"half-way-down", "cursor=" + deep(), largeStation, 0},
		{"state-and-member", "state=open&member=" + w.members[0], largeStation / 100, largeStation / 10},
		{"kind-and-days", "kind=complaint,suggestion,inquiry,help,dispute&from=2020-01-01", largeStation, 0},
		{"due", "due=soon&sort=due", 0, -1},
		{"flags", "flag=danger,untold,photos,uncontacted,assist_late&state=open", 0, -1},
		{"search-often", "q=" + url.QueryEscape("押金"), largeStation, 0},
		{"search-seldom", "q=" + url.QueryEscape("第77777件"), 1, 1},
		{"search-nothing", "q=" + url.QueryEscape("没有这样的话"), 0, 0},
		{"search-two-words", "sort=due&q=" + url.QueryEscape("押金 第7"), largeStation / 10, largeStation / 5},
		{"search-number", "q=-00", 1, 0},
	} {
		b.Run(what.name, func(b *testing.B) {
			for b.Loop() {
				all := turns(b, w.at(w.product, 1, readSpan, w.matters(what.query, what.least, what.most)), w.at(w.product, 1, readSpan, w.inbox()))
				report(b, "", all[0])
				report(b, "inbox-", all[1])
				p50 := func(s sample) float64 { return ms(s.quantile(.5)) }
				figure(b, medianOf(all[0], p50)/medianOf(all[1], p50), "of-an-inbox")
				aim(b, what.name+": p99 in ms", medianOf(all[0], func(s sample) float64 { return ms(s.quantile(.99)) }), "<=", 200)
			}
		})
	}
}

// matters is a step: the list, narrowed to at least so many and, unless that is
// fewer, at most so many.
func (w *world) matters(query string, least, most int) step {
	return func(_ int, c *conn) error {
		body, err := c.expect(http.StatusOK, request{method: "GET", path: "/api/v1/station/submissions?" + query, token: w.liaison})
		if err != nil {
			return err
		}
		_, rest, _ := bytes.Cut(body, []byte(`"total":`))
		text, _, _ := bytes.Cut(rest, []byte(","))
		total, err := strconv.Atoi(string(text))
		if err != nil || total < least || most >= least && total > most {
			return fmt.Errorf("%s: %d found, %w", query, total, err)
		}
		return nil
	}
}

// firstMatters is the list a process is asked for first, while it reads all
// submissions; it may have to be asked for again.
func (w *world) firstMatters(b *testing.B) {
	c, err := dial(b.Context(), w.product.addr)
	must(b, err)
	defer c.close()
	for b.Loop() {
		begin, tries := time.Now(), 0
		for status := 0; status != http.StatusOK; tries++ {
			status, _, err = c.do(request{method: "GET", path: "/api/v1/station/submissions", token: w.liaison})
			must(b, err)
		}
		figure(b, time.Since(begin).Seconds(), "s-until-made")
		figure(b, float64(tries), "tries")
	}
}

// deep is a cursor half way down the list: those put into the station are a second
// apart.
func deep() string {
	at := time.Now().Add(-largeStation / 2 * time.Second).UnixMilli()
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(at, 10) + " x"))
}
