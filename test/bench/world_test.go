package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/adapters/seal"
	"mashang/store"
	"mashang/store/redisd"
)

// How many people there are. Visitors are more than connections, so that no
// request waits for another of the same person.
const (
	visitors = 256
	// loadConns is the widest of the three widths measured.
	loadConns = 64
)

// roomForAll is a member's capacity here: the demonstration's would be full
// after a second, and what nobody has room for costs less.
const roomForAll = 1_000_000

// world is the product with everybody who uses it.
type world struct {
	dir     string
	product *process
	// rdb looks into the product's Redis; bare uses database 1 of the same.
	rdb      *redis.Client
	redisPID int
	socket   string
	store    *store.Store
	station  string
	codes    []string
	visitor  []string // tokens
	member   map[string]string
	members  []string
	liaison  string

	turn atomic.Int64
	mu   sync.Mutex
	// filed holds everything acknowledged.
	filed []filed
	// answered are the first so many of filed, after replies.
	answered int

	bare *bare
}

// filed is one acknowledged submission: who filed it, who was given it.
type filed struct {
	id, member string
	visitor    int
}

var (
	theWorld *world
	build    sync.Once
	errBuild error
)

// TestMain ends what the benchmarks started. In a process that was started as
// the baseline it is the baseline.
func TestMain(m *testing.M) {
	if socket := os.Getenv(bareSocket); socket != "" {
		if err := serveBare(socket, os.Getenv(bareAddr)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if theWorld != nil {
		if err := theWorld.close(); err != nil {
			fmt.Fprintln(os.Stderr, "stopping what was measured:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// everything returns the running product, started by the first who asks.
func everything(b *testing.B) *world {
	b.Helper()
	build.Do(func() { theWorld, errBuild = create(b.Context()) })
	if errBuild != nil {
		b.Fatal(errBuild)
	}
	return theWorld
}

func create(ctx context.Context) (*world, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	w := &world{dir: dir, member: map[string]string{}}
	for _, step := range []func(context.Context) error{w.serve, w.look, w.invite, w.widen, w.startBare} {
		if err := step(ctx); err != nil {
			tail := ""
			if w.product != nil {
				tail = w.product.tail()
			}
			return nil, errors.Join(err, w.close(), errors.New(tail))
		}
	}
	return w, nil
}

func (w *world) close() error {
	var errs []error
	if w.bare != nil {
		_ = w.bare.proc.stop() // ends by the signal
	}
	if w.store != nil {
		errs = append(errs, w.store.Close(), w.rdb.Close())
	}
	if w.product != nil {
		errs = append(errs, w.product.stop())
	}
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}

// binary is the program to measure: the one BENCH_BINARY names, or one built
// from this tree.
func (w *world) binary(ctx context.Context) (string, error) {
	if path := os.Getenv("BENCH_BINARY"); path != "" {
		return path, nil
	}
	path := filepath.Join(w.dir, "mashang")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, "mashang/cmd/mashang").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return path, nil
}

// serve starts the real binary on an empty folder, limits raised so that they
// are asked and never refuse.
func (w *world) serve(ctx context.Context) error {
	binary, err := w.binary(ctx)
	if err != nil {
		return err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	env := []string{
		"MASHANG_CONFIG=", "MASHANG_HTTP_ADDR=" + addr, "MASHANG_DATA_DIR=" + filepath.Join(w.dir, "data"),
		"MASHANG_LIMITS_PERSON_PER_MINUTE=1000000", "MASHANG_LIMITS_SUBMISSIONS_PER_DAY=1000000",
	}
	if w.product, err = start(ctx, binary, filepath.Join(w.dir, "log"), env, "serve", "--demo"); err != nil {
		return err
	}
	w.product.addr = addr
	return await(ctx, time.Minute, "the product", func() (bool, error) {
		c, err := dial(ctx, addr)
		if err != nil {
			return false, err
		}
		defer c.close()
		_, err = c.expect(http.StatusOK, request{method: "GET", path: "/readyz"})
		return err == nil, err
	})
}

// look connects to the Redis the product started.
func (w *world) look(ctx context.Context) error {
	socket, running := redisd.Find(ctx, filepath.Join(w.dir, "data"))
	if !running {
		return errors.New("the product's redis is not found")
	}
	w.socket = socket
	w.rdb = redis.NewClient(&redis.Options{Network: "unix", Addr: socket, MaxRetries: -1, PoolSize: loadConns, Protocol: 2, DisableIdentity: true})
	pid, err := w.info(ctx, "server", "process_id")
	if err != nil {
		return err
	}
	w.redisPID = int(pid)
	if w.store, err = store.Open(ctx, store.Options{Network: "unix", Addr: socket, Clock: time.Now}); err != nil {
		return err
	}
	keys, err := seal.Load(filepath.Join(w.dir, "data", "keys"))
	if err != nil {
		return err
	}
	mark, err := w.store.Mark(ctx)
	w.store.Seal(keys, mark)
	return err
}

// info reads one figure of INFO.
func (w *world) info(ctx context.Context, section, name string) (int64, error) {
	text, err := w.rdb.Info(ctx, section).Result()
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(text, "\n"+name+":")
	value, _, _ := strings.Cut(rest, "\r")
	return strconv.ParseInt(value, 10, 64)
}

// invite logs everybody in.
func (w *world) invite(ctx context.Context) error {
	c, err := dial(ctx, w.product.addr)
	if err != nil {
		return err
	}
	defer c.close()
	body, err := c.expect(http.StatusOK, request{method: "GET", path: "/_emulator/cast"})
	if err != nil {
		return err
	}
	var cast struct {
		Members, Liaisons []struct{ ID, OpenID string }
		Codes             []struct{ Key string }
	}
	if err := json.Unmarshal(body, &cast); err != nil {
		return err
	}
	for _, code := range cast.Codes {
		w.codes = append(w.codes, code.Key)
	}
	for i := range visitors {
		token, err := login(c, "bench-visitor-"+strconv.Itoa(i))
		if err != nil {
			return err
		}
		w.visitor = append(w.visitor, token)
	}
	if w.liaison, err = login(c, cast.Liaisons[0].OpenID); err != nil {
		return err
	}
	for _, m := range cast.Members {
		w.members = append(w.members, m.ID)
		if w.member[m.ID], err = login(c, m.OpenID); err != nil {
			return err
		}
	}
	return nil
}

// login opens a session for an emulated phone.
func login(c *conn, openid string) (token string, err error) {
	body, err := c.expect(http.StatusOK, request{method: "POST", path: "/_emulator/users/" + openid + "/code", body: []byte{}})
	if err != nil {
		return "", err
	}
	body, err = c.expect(http.StatusCreated, request{
		method: "POST", path: "/api/v1/sessions", body: fmt.Appendf(nil, `{"code":%q}`, field(body, "", "code")),
	})
	return field(body, "", "token"), err
}

// widen gives every member room for all, and waits until that is known.
func (w *world) widen(ctx context.Context) error {
	ids, err := w.store.StationIDs(ctx)
	if err != nil {
		return err
	}
	w.station = ids[0]
	st, err := w.store.Station(ctx, w.station)
	if err != nil {
		return err
	}
	was := st.Version
	for i := range st.Members {
		st.Members[i].Capacity = roomForAll
	}
	st.Version++
	if ok, err := w.store.PutStation(ctx, st, was); err != nil || !ok {
		return fmt.Errorf("roster not replaced: %v %w", ok, err)
	}
	const known = 3 * time.Second // desk reads a roster again after two
	select {
	case <-time.After(known):
	case <-ctx.Done():
	}
	return ctx.Err()
}
