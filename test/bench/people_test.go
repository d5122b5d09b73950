package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"mashang/domain/notice"
	"mashang/domain/record"
)

// complaint is a typical text: 120 Chinese characters and a number.
const complaint = "我们一家五口昨天下午在码头排队乘坐羊皮筏子，等了将近两个小时，中间有人插队，" +
	"现场没有工作人员维持秩序，也没有遮阴的地方，老人和孩子都晒得受不了。" +
	"买票的时候说好每人九十元，上筏子前又说要另外收取拍照费和救生衣押金，希望核实并给个说法。编号"

var (
	kinds    = []string{"complaint", "suggestion", "inquiry", "help", "dispute"}
	who      = []string{"tourist", "resident", "business"}
	category = []string{"", `"category":"road",`, `"category":"consumer",`}
)

// filing is the body of the n-th submission.
func (w *world) filing(b []byte, n int) []byte {
	b = fmt.Appendf(b, `{"scene":%q,"kind":%q,"visitor":%q,%s"text":"%s%d","place":{"text":"古渡码头售票口东侧"}`,
		w.codes[n%len(w.codes)], kinds[n%len(kinds)], who[n%len(who)], category[n/3%len(category)], complaint, n)
	if n%2 == 0 {
		b = fmt.Appendf(b, `,"contact":{"phone":"138%08d"}`, n%100_000_000)
	}
	return append(b, '}')
}

// file is a step: the next visitor files the next submission.
func (w *world) file(_ int, c *conn) error {
	n := int(w.turn.Add(1))
	who := n % visitors
	body, err := c.expect(http.StatusCreated, request{
		method: "POST", path: "/api/v1/submissions", token: w.visitor[who],
		key: "bench-key-" + strconv.Itoa(n), body: w.filing(nil, n),
	})
	if err != nil {
		return err
	}
	f := filed{id: field(body, "", "id"), member: field(body, `"assignee":{`, "id"), visitor: who}
	w.mu.Lock()
	w.filed = append(w.filed, f)
	w.mu.Unlock()
	return nil
}

// enough sees to it that at least n submissions were filed.
func (w *world) enough(ctx context.Context, n int) error {
	if missing := n - len(w.filed); missing > 0 {
		if _, err := exactly(ctx, w.product.addr, loadConns, missing, w.file); err != nil {
			return err
		}
	}
	return w.calm(ctx)
}

// reply is a step: members answer what they were given, each once, in the
// order of filing.
func (w *world) reply(next *atomic.Int64) step {
	return func(_ int, c *conn) error {
		f := w.filed[next.Add(1)-1]
		for f.member == "" { // in the pool: nobody's to answer
			f = w.filed[next.Add(1)-1]
		}
		_, err := c.expect(http.StatusOK, request{
			method: "POST", path: "/api/v1/submissions/" + f.id + "/reply", token: w.member[f.member],
			body: []byte(`{"version":1,"text":"您好，情况已经核实：码头今天起增设两名引导员和遮阳棚，拍照费自愿，押金当场退还。感谢您的反映。"}`),
		})
		return err
	}
}

// calm waits until every notice is settled, every push worked on and Redis
// rewrites no file, so that one round's work is not charged to the next.
func (w *world) calm(ctx context.Context) error {
	return await(ctx, 5*time.Minute, "the outbox", func() (bool, error) {
		for _, queue := range []string{"{" + w.station + "}:ob", "{@push}:in"} {
			if left, err := w.rdb.ZCard(ctx, queue).Result(); err != nil || left > 0 {
				return false, errors.Join(fmt.Errorf("%d wait in %s", left, queue), err)
			}
		}
		rewriting, err := w.info(ctx, "persistence", "aof_rewrite_in_progress")
		return err == nil && rewriting == 0, err
	})
}

// counted compares the station's own count of open submissions with what was
// acknowledged.
func (w *world) counted(ctx context.Context, want int) error {
	c, err := dial(ctx, w.product.addr)
	if err != nil {
		return err
	}
	defer c.close()
	body, err := c.expect(http.StatusOK, request{method: "GET", path: "/api/v1/station/today", token: w.liaison})
	if err != nil {
		return err
	}
	var n struct{ Held, Pooled, Assigned, Accepted, Waiting, Answered int }
	if err := json.Unmarshal(body, &n); err != nil {
		return err
	}
	if sum := n.Held + n.Pooled + n.Assigned + n.Accepted + n.Waiting + n.Answered; sum != want {
		return fmt.Errorf("%d submissions were acknowledged, the station counts %d", want, sum)
	}
	return nil
}

// listed is what a list says of one submission.
type listed struct {
	ID       string
	State    string
	Assignee *struct{ ID string }
}

// visible walks every queue through the API and demands that each acknowledged
// submission stands in exactly one: that of the member it was given to.
func (w *world) visible(ctx context.Context) error {
	c, err := dial(ctx, w.product.addr)
	if err != nil {
		return err
	}
	defer c.close()
	found := make(map[string]listed, len(w.filed))
	walk := func(token, path string) error {
		for cursor := ""; ; {
			body, err := c.expect(http.StatusOK, request{method: "GET", path: path + "limit=100&cursor=" + cursor, token: token})
			if err != nil {
				return err
			}
			var p struct {
				Items []listed
				Next  string `json:"next_cursor"`
			}
			if err := json.Unmarshal(body, &p); err != nil {
				return err
			}
			for _, s := range p.Items {
				if _, twice := found[s.ID]; twice {
					return fmt.Errorf("%s stands in two queues", s.ID)
				}
				found[s.ID] = s
			}
			if cursor = p.Next; cursor == "" {
				return nil
			}
		}
	}
	for _, m := range w.members {
		if err := walk(w.member[m], "/api/v1/inbox?"); err != nil {
			return err
		}
		if err := walk(w.member[m], "/api/v1/inbox?state=answered&"); err != nil {
			return err
		}
	}
	if err := walk(w.liaison, "/api/v1/pool?"); err != nil {
		return err
	}
	return w.compare(found)
}

func (w *world) compare(found map[string]listed) error {
	for i, f := range w.filed {
		s, ok := found[f.id]
		want, has := "assigned", ""
		switch {
		case f.member == "":
			want = "pooled"
		case i < w.answered:
			want = "answered"
		}
		if s.Assignee != nil {
			has = s.Assignee.ID
		}
		switch {
		case !ok:
			return fmt.Errorf("%s was acknowledged and is in no queue", f.id)
		case s.State != want || has != f.member:
			return fmt.Errorf("%s of %q: found %s of %q, wanted it %s", f.id, f.member, s.State, has, want)
		}
	}
	if len(found) != len(w.filed) {
		return fmt.Errorf("%d submissions in the queues, %d acknowledged", len(found), len(w.filed))
	}
	return nil
}

// untoldOf is how many of the station could not be told of something: most
// visitors never allow a message.
const untoldOf = 100_000

// unreached fills the station's list of those who could not be told, once.
func (w *world) unreached(ctx context.Context) error {
	have, err := w.store.Count(ctx, w.station, record.Index{Name: record.Unreached})
	if err != nil {
		return err
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(loadConns)
	began := time.Now()
	for i := have; i < untoldOf; i++ {
		work.Go(func() error {
			return w.store.PutUndelivered(ctx, record.Undelivered{
				Submission: fmt.Sprintf("%s-unreached%07d", w.station, i), Receiver: "v", Purpose: notice.VisitorReply,
				Why: notice.NoConsent, Since: began.Add(time.Duration(i-untoldOf) * time.Second),
			})
		})
	}
	return work.Wait()
}
