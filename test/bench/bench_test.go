package bench_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// The lengths of what is measured. All benchmarks together take some minutes.
const (
	rounds    = 5
	roundSpan = 1500 * time.Millisecond
	readSpan  = 800 * time.Millisecond
	openRate  = 20
	openCount = 40 * openRate
	// memoryOf is how many submissions are weighed.
	memoryOf = 20_000
	// largeStation is how many submissions a large station holds.
	largeStation = 100_000
)

var widths = []int{1, 16, loadConns}

// must ends the benchmark on an error.
func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// figure reports a value, and keeps the framework's own time of the whole
// benchmark out of the way: it says nothing here.
func figure(b *testing.B, value float64, unit string) {
	b.Helper()
	b.ReportMetric(value, unit)
	b.ReportMetric(0, "ns/op")
}

// aim says whether a figure is what was hoped for.
func aim(b *testing.B, what string, got float64, relation string, want float64) {
	b.Helper()
	met := got <= want
	if relation == ">=" {
		met = got >= want
	}
	word := "met"
	if !met {
		word = "MISSED"
	}
	b.Logf("aim %s: %.3g, wanted %s %.3g: %s", what, got, relation, want, word)
}

// report writes a contender's rate and times; prefix is "" for the product.
func report(b *testing.B, prefix string, list []sample) {
	b.Helper()
	figure(b, medianOf(list, sample.rate), prefix+"req/s")
	figure(b, medianOf(list, func(s sample) float64 { return ms(s.quantile(.5)) }), prefix+"p50-ms")
	figure(b, medianOf(list, func(s sample) float64 { return ms(s.quantile(.99)) }), prefix+"p99-ms")
	if list[0].cpu > 0 {
		figure(b, medianOf(list, func(s sample) float64 { return ms(s.each(s.cpu)) }), prefix+"cpu-ms/req")
	}
}

// turns runs the contenders in turn, round by round, and returns the rounds of
// each.
func turns(b *testing.B, contenders ...func(context.Context) (sample, error)) [][]sample {
	b.Helper()
	all := make([][]sample, len(contenders))
	for range rounds {
		for i, c := range contenders {
			s, err := c(b.Context())
			must(b, err)
			all[i] = append(all[i], s)
		}
	}
	return all
}

// at is a contender: the step on so many connections, metered.
func (w *world) at(p *process, conns int, span time.Duration, do step) func(context.Context) (sample, error) {
	return func(ctx context.Context) (sample, error) {
		return metered(p.cmd.Process.Pid, w.redisPID, func() (sample, error) { return closed(ctx, p.addr, conns, span, do) })
	}
}

// BenchmarkMemory weighs submissions after their notices were sent.
func BenchmarkMemory(b *testing.B) {
	w := everything(b)
	for b.Loop() {
		must(b, w.calm(b.Context()))
		before, err := w.info(b.Context(), "memory", "used_memory")
		must(b, err)
		_, err = exactly(b.Context(), w.product.addr, loadConns, memoryOf, w.file)
		must(b, err)
		filed := time.Now()
		must(b, w.calm(b.Context()))
		figure(b, time.Since(filed).Seconds(), "s-until-all-told")
		after, err := w.info(b.Context(), "memory", "used_memory")
		must(b, err)
		each := float64(after-before) / memoryOf
		figure(b, each, "B/submission")
		figure(b, float64(w.bare.valueBytes), "B/value")
		aim(b, "bytes of Redis a submission", each, "<=", 3*1024)
		must(b, w.counted(b.Context(), len(w.filed)))
		must(b, w.visible(b.Context()))
	}
}

// BenchmarkSubmit files at three widths, in turn with both baselines.
func BenchmarkSubmit(b *testing.B) {
	w := everything(b)
	for _, conns := range widths {
		b.Run("conns="+strconv.Itoa(conns), func(b *testing.B) {
			for b.Loop() {
				w.submitAt(b, conns)
			}
		})
	}
	must(b, w.visible(b.Context()))
}

func (w *world) submitAt(b *testing.B, conns int) {
	b.Helper()
	var after time.Duration // what the notices cost once the rush is over
	before := len(w.filed)
	product := w.at(w.product, conns, roundSpan, w.file)
	contenders := []func(context.Context) (sample, error){
		func(ctx context.Context) (sample, error) {
			s, err := product(ctx)
			if err != nil {
				return s, err
			}
			rest, err := metered(w.product.cmd.Process.Pid, w.redisPID, func() (sample, error) { return sample{}, w.calm(ctx) })
			after += rest.cpu
			return s, err
		},
		w.at(w.bare.proc, conns, roundSpan, w.post),
	}
	if conns == loadConns {
		contenders = append(contenders, func(ctx context.Context) (sample, error) { return w.direct(ctx, roundSpan) })
	}
	all := turns(b, contenders...)
	report(b, "", all[0])
	report(b, "gin-", all[1])
	ratio := ratioOf(all[0], all[1])
	figure(b, ratio, "of-gin")
	for i, prefix := range []string{"", "gin-"} {
		figure(b, medianOf(all[i], func(s sample) float64 { return ms(s.each(s.redis)) }), prefix+"redis-cpu-ms/req")
	}
	var during time.Duration
	for _, s := range all[0] {
		during += s.cpu
	}
	whole := ms(during+after) / float64(len(w.filed)-before)
	figure(b, whole, "cpu-ms/req-with-notice")
	if conns == loadConns {
		report(b, "script-", all[2])
		figure(b, ratioOf(all[0], all[2]), "of-script")
		aim(b, "share of the bare handler's rate", ratio, ">=", .6)
		aim(b, "p99 in ms", medianOf(all[0], func(s sample) float64 { return ms(s.quantile(.99)) }), "<=", 50)
		aim(b, "CPU ms of the server a submission", medianOf(all[0], func(s sample) float64 { return ms(s.each(s.cpu)) }), "<=", .25)
	}
	must(b, w.counted(b.Context(), len(w.filed)))
}

// BenchmarkReply lets members answer submissions they have, each once; so many
// a round and width as there are to answer.
func BenchmarkReply(b *testing.B) {
	w := everything(b)
	for _, width := range []struct{ conns, each int }{{1, 200}, {16, 800}, {loadConns, 2000}} {
		b.Run("conns="+strconv.Itoa(width.conns), func(b *testing.B) {
			for b.Loop() {
				must(b, w.enough(b.Context(), w.answered+2*rounds*width.each))
				var next atomic.Int64
				next.Store(int64(w.answered))
				all := turns(b, func(ctx context.Context) (sample, error) {
					s, err := metered(w.product.cmd.Process.Pid, w.redisPID, func() (sample, error) {
						return exactly(ctx, w.product.addr, width.conns, width.each, w.reply(&next))
					})
					return s, errors.Join(err, w.calm(ctx))
				})
				w.answered = int(next.Load())
				report(b, "", all[0])
			}
		})
	}
	must(b, w.visible(b.Context()))
}

// BenchmarkStatus reads one submission as its visitor.
func BenchmarkStatus(b *testing.B) {
	w := everything(b)
	must(b, w.enough(b.Context(), memoryOf))
	must(b, w.fill(b.Context()))
	must(b, w.unreached(b.Context()))
	var n atomic.Int64
	w.reads(b, .5,
		func(_ int, c *conn) error {
			f := w.filed[int(n.Add(1))%len(w.filed)]
			body, err := c.expect(http.StatusOK, request{method: "GET", path: "/api/v1/submissions/" + f.id, token: w.visitor[f.visitor]})
			if err == nil && field(body, "", "id") != f.id {
				err = fmt.Errorf("asked for %s, got %.100s", f.id, body)
			}
			return err
		},
		func(_ int, c *conn) error {
			_, err := c.expect(http.StatusOK, request{method: "GET", path: "/submissions/" + strconv.Itoa(int(n.Add(1))%visitors)})
			return err
		})
}

// BenchmarkInbox reads the first page of a member's inbox.
func BenchmarkInbox(b *testing.B) {
	w := everything(b)
	must(b, w.enough(b.Context(), memoryOf))
	must(b, w.fill(b.Context()))
	must(b, w.unreached(b.Context()))
	w.reads(b, .5, w.inbox(), barePageStep)
}

// BenchmarkMine reads the first page of a visitor's own list.
func BenchmarkMine(b *testing.B) {
	w := everything(b)
	must(b, w.enough(b.Context(), memoryOf))
	must(b, w.fill(b.Context()))
	must(b, w.unreached(b.Context()))
	var n atomic.Int64
	w.reads(b, 0, func(_ int, c *conn) error {
		return page(c, "/api/v1/submissions", w.visitor[int(n.Add(1))%visitors])
	}, barePageStep)
}

// reads measures a read beside its stub at every width; aimed is the share of
// the stub's rate hoped for at the widest, 0 for none.
func (w *world) reads(b *testing.B, aimed float64, product, stub step) {
	b.Helper()
	for _, conns := range widths {
		b.Run("conns="+strconv.Itoa(conns), func(b *testing.B) {
			for b.Loop() {
				all := turns(b, w.at(w.product, conns, readSpan, product), w.at(w.bare.proc, conns, readSpan, stub))
				report(b, "", all[0])
				report(b, "gin-", all[1])
				figure(b, ratioOf(all[0], all[1]), "of-gin")
				if conns == loadConns && aimed > 0 {
					aim(b, "share of the stub's rate", ratioOf(all[0], all[1]), ">=", aimed)
				}
			}
		})
	}
}

// inbox is a step: the members look at their inboxes in turn.
func (w *world) inbox() step {
	var n atomic.Int64
	return func(_ int, c *conn) error {
		return page(c, "/api/v1/inbox", w.member[w.members[int(n.Add(1))%len(w.members)]])
	}
}

// pageItems is a page's length when nothing else is asked.
const pageItems = 25

// page reads a list's first page and demands that it is full.
func page(c *conn, path, token string) error {
	body, err := c.expect(http.StatusOK, request{method: "GET", path: path, token: token})
	if n := bytes.Count(body, []byte(`"number":"`)); err == nil && n != pageItems {
		err = fmt.Errorf("%s: a page of %d", path, n)
	}
	return err
}

func barePageStep(_ int, c *conn) error { return page(c, "/inbox", "") }

// BenchmarkOpenLoop files at a whole province's worst minute, on time whether
// or not earlier requests were answered. So seldom does a visitor come that
// their session is read anew each time.
func BenchmarkOpenLoop(b *testing.B) {
	w := everything(b)
	for b.Loop() {
		must(b, w.calm(b.Context()))
		s, err := open(b.Context(), w.product.addr, openRate, openCount, w.file)
		must(b, err)
		figure(b, s.rate(), "req/s")
		figure(b, ms(s.quantile(.5)), "p50-ms")
		figure(b, ms(s.quantile(.99)), "p99-ms")
		figure(b, ms(s.quantile(1)), "max-ms")
		aim(b, "p99 in ms", ms(s.quantile(.99)), "<=", 25)
		must(b, w.counted(b.Context(), len(w.filed)))
	}
	must(b, w.calm(b.Context()))
	must(b, w.visible(b.Context()))
}
