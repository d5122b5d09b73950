package bench_test

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// BenchmarkRoundTrips watches what reaches Redis while submissions are filed,
// and counts what lies on the way to an acknowledgement: the script that files,
// and whatever the desk reads again because its copy grew old.
func BenchmarkRoundTrips(b *testing.B) {
	w := everything(b)
	const n = 5000
	for b.Loop() {
		must(b, w.enough(b.Context(), len(w.filed)+visitors*4)) // everybody's session is known
		watch := w.watch(b)
		_, err := exactly(b.Context(), w.product.addr, loadConns, n, w.file)
		must(b, err)
		must(b, w.rdb.Echo(b.Context(), lastLine).Err())
		admits, others := countTrips(b, watch)
		figure(b, float64(admits)/n, "scripts/req")
		figure(b, float64(others)/n, "reads/req")
		if admits != n {
			b.Fatalf("%d submissions acknowledged by %d scripts", n, admits)
		}
		aim(b, "round trips a submission", float64(admits)/n, "<=", 1)
		must(b, w.counted(b.Context(), len(w.filed)))
	}
}

// lastLine is what MONITOR shows when everything before it was shown.
const lastLine = "bench: that was all"

// watch shows every command the product's Redis gets from now on.
func (w *world) watch(b *testing.B) *bufio.Reader {
	b.Helper()
	var d net.Dialer
	c, err := d.DialContext(b.Context(), "unix", w.socket)
	must(b, err)
	b.Cleanup(func() { _ = c.Close() })
	_, err = c.Write([]byte("MONITOR\r\n"))
	must(b, err)
	r := bufio.NewReaderSize(c, 1<<20)
	answer, err := r.ReadString('\n')
	must(b, err)
	if answer != "+OK\r\n" {
		b.Fatal("MONITOR: ", answer)
	}
	return r
}

// countTrips sorts the commands MONITOR showed. Those a script makes are no
// trips. What the sending of notices asks as well is counted against us.
func countTrips(b *testing.B, lines *bufio.Reader) (admits, others int) {
	b.Helper()
	admit, loads := digest(b, "admit"), digest(b, "loads")
	for {
		line, err := lines.ReadString('\n')
		must(b, err)
		from, command, _ := strings.Cut(line, "] ")
		switch has := func(s string) bool { return strings.Contains(command, s) }; {
		case strings.HasSuffix(from, " lua"):
		case strings.HasPrefix(command, `"echo" "`+lastLine):
			return admits, others
		case has(admit):
			admits++
		case has(loads), has(`"sess:`), has(`"person:`), has(`"code:`), has(`"visited:`), has(`}:ver"`), has(`}:roster"`):
			others++
		}
	}
}

// digest names a script of the store as Redis does.
func digest(b *testing.B, name string) string {
	b.Helper()
	source, err := os.ReadFile("../../store/scripts/" + name + ".lua")
	must(b, err)
	sum := sha1.Sum(source)
	return hex.EncodeToString(sum[:])
}

// BenchmarkLargeStation reads inbox pages and files, one request at a time,
// in a station with 100,000 submissions.
func BenchmarkLargeStation(b *testing.B) {
	w := everything(b)
	must(b, w.enough(b.Context(), visitors))
	must(b, w.seed(b.Context(), largeStation-len(w.filed)))
	held := max(largeStation, len(w.filed))
	must(b, w.counted(b.Context(), held))
	for _, what := range []struct {
		name string
		do   step
	}{{"inbox", w.inbox()}, {"submit", w.file}} {
		b.Run(what.name, func(b *testing.B) {
			for b.Loop() {
				before := len(w.filed)
				all := turns(b, w.at(w.product, 1, roundSpan, what.do))
				report(b, "", all[0])
				if what.name == "inbox" {
					aim(b, "p99 in ms", medianOf(all[0], func(s sample) float64 { return ms(s.quantile(.99)) }), "<=", 5)
				}
				held += len(w.filed) - before
				must(b, w.counted(b.Context(), held))
			}
		})
	}
}

// seed puts n submissions into the station through the store, copies of one
// that was filed, spread over the members. The product stands still meanwhile,
// and their notices are taken away: they were sent long ago.
func (w *world) seed(ctx context.Context, n int) error {
	if n <= 0 {
		return nil
	}
	model, err := w.store.Load(ctx, w.filed[len(w.filed)-1].id)
	if err != nil {
		return err
	}
	if err := w.calm(ctx); err != nil {
		return err
	}
	if err := w.product.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	var turn atomic.Int64
	_, err = exactly(ctx, w.bare.proc.addr, loadConns, n, func(int, *conn) error {
		return w.admit(ctx, model, int(turn.Add(1)))
	})
	if err == nil {
		err = w.rdb.Del(ctx, "{"+w.station+"}:ob", "{"+w.station+"}:ob:d").Err()
	}
	if err := errors.Join(err, w.product.cmd.Process.Signal(syscall.SIGCONT)); err != nil {
		return err
	}
	return w.calm(ctx)
}

func (w *world) admit(ctx context.Context, s casework.Submission, n int) error {
	at := time.Now().Add(-time.Duration(n) * time.Second)
	s.ID = fmt.Sprintf("%s-%016d", w.station, n)
	s.Text = fmt.Sprintf("第%d件。%s", n, s.Text) // to be found by
	s.DueAt += casework.At(at) - s.FiledAt
	s.FiledAt = casework.At(at)
	s.Decision.Candidates = append([]casework.Candidate(nil), s.Decision.Candidates...)
	capacities := make([]int, len(s.Decision.Candidates))
	for i := range s.Decision.Candidates {
		s.Decision.Candidates[i].Member = w.members[(n+i)%len(w.members)]
		capacities[i] = roomForAll
	}
	name := "seed-" + strconv.Itoa(n)
	_, _, err := w.store.Admit(ctx, record.Admission{
		Submission: s, Capacities: capacities, Key: name, BodyHash: name, NoticeID: name, Now: at,
	})
	return err
}
