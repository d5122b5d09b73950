package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"
	"github.com/redis/go-redis/v9"

	"mashang/domain/notice"
)

// The baseline is this test binary started once more, so that it has a process
// of its own as the product has.
const (
	bareSocket = "BENCH_BARE_SOCKET"
	bareAddr   = "BENCH_BARE_ADDR"
	bareDB     = 1
)

// bareWrite makes as many writes as filing does, and none of its decisions:
// the value, seven sorted sets, two counters, the notice and the memory of the
// idempotency key.
var bareWrite = redis.NewScript(`
local id, at = ARGV[1], ARGV[3]
redis.call('INCR', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2])
for i = 3, 9 do
  redis.call('ZADD', KEYS[i], at, id)
end
redis.call('INCR', KEYS[10])
redis.call('HSET', KEYS[11], id, ARGV[4])
redis.call('SET', KEYS[12], id, 'EX', 86400)
return 1`)

// barePage reads a page as the product's script does: ids, then values.
var barePage = redis.NewScript(`
local keys = redis.call('ZRANGE', KEYS[1], 0, 24)
return redis.call('MGET', unpack(keys))`)

// bare is the running baseline.
type bare struct {
	proc *process
	// valueBytes and noticeBytes are what one submission of the product puts
	// into Redis.
	valueBytes, noticeBytes int
	rdb                     *redis.Client
	turn                    atomic.Int64
}

func bareClient(socket string) *redis.Client {
	return redis.NewClient(&redis.Options{
		Network: "unix", Addr: socket, DB: bareDB, MaxRetries: -1, PoolSize: loadConns, Protocol: 2, DisableIdentity: true,
	})
}

// startBare files a few submissions to learn how large they are, then starts
// the baseline.
func (w *world) startBare(ctx context.Context) error {
	const probes = 100
	if err := w.enough(ctx, probes); err != nil {
		return err
	}
	total := 0
	for _, f := range w.filed[:probes] {
		_, local, _ := strings.Cut(f.id, "-")
		n, err := w.rdb.StrLen(ctx, "{"+w.station+"}:s:"+local).Result()
		if err != nil {
			return err
		}
		total += int(n)
	}
	f := w.filed[0]
	entry, err := json.Marshal(notice.Entry{
		ID: f.id[len(w.station)+1:], Submission: f.id, Purpose: notice.MemberNew, Member: f.member, Version: 1, At: time.Now().UnixMilli(),
	})
	if err != nil {
		return err
	}
	w.bare = &bare{valueBytes: total / probes, noticeBytes: len(entry) + 2, rdb: bareClient(w.socket)}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	env := []string{
		bareSocket + "=" + w.socket, bareAddr + "=" + addr,
		"BENCH_BARE_VALUE=" + strconv.Itoa(w.bare.valueBytes), "BENCH_BARE_NOTICE=" + strconv.Itoa(w.bare.noticeBytes),
	}
	if w.bare.proc, err = start(ctx, self, filepath.Join(w.dir, "bare.log"), env); err != nil {
		return err
	}
	w.bare.proc.addr = addr
	return await(ctx, time.Minute, "the baseline", func() (bool, error) {
		c, err := dial(ctx, addr)
		if err == nil {
			c.close()
		}
		return err == nil, err
	})
}

// bareFiling is bound and validated by gin's own means.
type bareFiling struct {
	Scene    string `json:"scene" binding:"required,max=512"`
	Kind     string `json:"kind" binding:"required,oneof=complaint suggestion inquiry help dispute"`
	Category string `json:"category,omitempty" binding:"max=64"`
	Visitor  string `json:"visitor" binding:"omitempty,oneof=resident tourist business"`
	Text     string `json:"text" binding:"required,min=1,max=2000"`
	Place    *struct {
		Text string `json:"text" binding:"max=100"`
	} `json:"place,omitempty"`
	Contact *struct {
		Phone string `json:"phone" binding:"max=40"`
	} `json:"contact,omitempty"`
}

// bareAnswer is what it says.
type bareAnswer struct {
	ID string `json:"id"`
	bareFiling
}

// serveBare is the baseline's process; it ends by a signal.
func serveBare(socket, addr string) error {
	valueBytes, err := strconv.Atoi(os.Getenv("BENCH_BARE_VALUE"))
	if err != nil {
		return err
	}
	noticeBytes, err := strconv.Atoi(os.Getenv("BENCH_BARE_NOTICE"))
	if err != nil {
		return err
	}
	rdb := bareClient(socket)
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	note := strings.Repeat("n", noticeBytes)
	var turn atomic.Int64
	e.POST("/submissions", func(c *gin.Context) {
		raw, err := c.GetRawData()
		var f bareFiling
		if err == nil {
			err = binding.JSON.BindBody(raw, &f)
		}
		if err != nil {
			c.String(http.StatusBadRequest, err.Error())
			return
		}
		n := turn.Add(1)
		value := append(make([]byte, 0, max(valueBytes, len(raw))), raw...)
		for len(value) < valueBytes {
			value = append(value, '.')
		}
		id, err := bareFile(c.Request.Context(), rdb, "h", n, value[:valueBytes], note)
		if err != nil {
			c.String(http.StatusServiceUnavailable, err.Error())
			return
		}
		c.JSON(http.StatusCreated, bareAnswer{ID: id, bareFiling: f})
	})
	e.GET("/submissions/:id", func(c *gin.Context) {
		value, err := rdb.Get(c.Request.Context(), "{bare}:read:"+c.Param("id")).Bytes()
		bareSend(c, value, err)
	})
	e.GET("/inbox", func(c *gin.Context) {
		list, err := barePage.Run(c.Request.Context(), rdb, []string{"{bare}:page"}).StringSlice()
		body := make([]byte, 0, 64<<10)
		body = append(body, `{"items":[`...)
		for i, item := range list {
			if i > 0 {
				body = append(body, ',')
			}
			body = append(body, item...)
		}
		bareSend(c, append(body, `]}`...), err)
	})
	server := &http.Server{Addr: addr, Handler: e, ReadHeaderTimeout: answerTime}
	return server.ListenAndServe()
}

func bareSend(c *gin.Context, body []byte, err error) {
	if err != nil {
		c.String(http.StatusServiceUnavailable, err.Error())
		return
	}
	c.Header("Content-Length", strconv.Itoa(len(body)))
	c.Data(http.StatusOK, "application/json", body)
}

// bareFile runs the script once.
func bareFile(ctx context.Context, rdb *redis.Client, run string, n int64, value []byte, note string) (string, error) {
	id := fmt.Sprintf("%s%015d", run, n)
	keys := []string{
		"{bare}:seq", "{bare}:s:" + id, "{bare}:q:in:m" + strconv.Itoa(int(n%31)), "{bare}:all", "{bare}:mine:u" + strconv.Itoa(int(n%visitors)),
		"{bare}:state", "{bare}:due", "{bare}:urge", "{bare}:ob", "{bare}:count", "{bare}:ob:d", "{bare}:idem:" + id,
	}
	return id, bareWrite.Run(ctx, rdb, keys, id, value, time.Now().UnixMilli(), note).Err()
}

// post is a step: the baseline files what the product would.
func (w *world) post(_ int, c *conn) error {
	n := int(w.bare.turn.Add(1))
	_, err := c.expect(http.StatusCreated, request{
		method: "POST", path: "/submissions", key: "bench-key-" + strconv.Itoa(n), body: w.filing(nil, n),
	})
	return err
}

// direct is baseline (b): the script from 64 goroutines without any HTTP.
func (w *world) direct(ctx context.Context, span time.Duration) (sample, error) {
	value, note := make([]byte, w.bare.valueBytes), strings.Repeat("n", w.bare.noticeBytes)
	return closed(ctx, w.bare.proc.addr, loadConns, span, func(int, *conn) error {
		_, err := bareFile(ctx, w.bare.rdb, "d", w.bare.turn.Add(1), value, note)
		return err
	})
}

// fill gives the baseline's reads the same bytes to read and write: the
// product's own answers.
func (w *world) fill(ctx context.Context) error {
	c, err := dial(ctx, w.product.addr)
	if err != nil {
		return err
	}
	defer c.close()
	p := w.bare.rdb.Pipeline()
	for i, f := range w.filed[:visitors] {
		body, err := c.expect(http.StatusOK, request{method: "GET", path: "/api/v1/submissions/" + f.id, token: w.visitor[f.visitor]})
		if err != nil {
			return err
		}
		p.Set(ctx, "{bare}:read:"+strconv.Itoa(i), string(body), 0)
	}
	body, err := c.expect(http.StatusOK, request{method: "GET", path: "/api/v1/inbox", token: w.member[w.members[0]]})
	if err != nil {
		return err
	}
	var page struct{ Items []json.RawMessage }
	if err := json.Unmarshal(body, &page); err != nil {
		return err
	}
	p.Del(ctx, "{bare}:page")
	for i, item := range page.Items {
		key := "{bare}:item:" + strconv.Itoa(i)
		p.Set(ctx, key, string(item), 0)
		p.ZAdd(ctx, "{bare}:page", redis.Z{Score: float64(i), Member: key})
	}
	_, err = p.Exec(ctx)
	return err
}
