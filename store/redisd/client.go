package redisd

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// connect returns a client for the few commands of an owner. It never repeats
// a command by itself.
func connect(socket string) *redis.Client {
	return redis.NewClient(&redis.Options{
		Network: "unix", Addr: socket, PoolSize: 1, MaxRetries: -1, DialerRetries: 1,
		DialTimeout: 2 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second,
		ContextTimeoutEnabled: true, Protocol: 2, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}

// listens reports whether a process accepts connections on the socket. It is asked before go-redis dials,
// because go-redis logs to standard error and goes on dialling when nobody listens.
func listens(ctx context.Context, socket string) bool {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// errNotListening means that nobody accepts connections on the socket.
var errNotListening = errors.New("redisd: nobody listens on the socket")

// facts identify a Redis.
type facts struct {
	pid int
	dir string
}

// inspect returns a Redis' process id and data folder.
func inspect(ctx context.Context, client *redis.Client) (facts, error) {
	if !listens(ctx, client.Options().Addr) {
		return facts{}, errNotListening
	}
	server, err := info(ctx, client, "server")
	if err != nil {
		return facts{}, err
	}
	dir, err := setting(ctx, client, "dir")
	if err != nil {
		return facts{}, err
	}
	pid, err := strconv.Atoi(server["process_id"])
	return facts{pid: pid, dir: dir}, err
}

// restoreSettings restores settings that were changed by hand. If the AOF was off, Redis writes one now, and
// restoreSettings returns once it is complete.
func restoreSettings(ctx context.Context, client *redis.Client, fsync string) error {
	for _, pair := range [][2]string{
		{"appendfsync", fsync},
		{"no-appendfsync-on-rewrite", "no"},
		{"save", ""},
		{"maxmemory-policy", "noeviction"},
		{"appendonly", "yes"},
	} {
		if err := client.ConfigSet(ctx, pair[0], pair[1]).Err(); err != nil {
			return err
		}
	}
	return waitNoRewrite(ctx, client)
}

// waitNoRewrite waits until no rewrite of the AOF is under way or about to start.
func waitNoRewrite(ctx context.Context, client *redis.Client) error {
	return until(ctx, func() (bool, error) {
		state, err := info(ctx, client, "persistence")
		if err != nil {
			return false, err
		}
		return state["aof_enabled"] == "1" && state["aof_rewrite_in_progress"] == "0" && state["aof_rewrite_scheduled"] == "0", nil
	})
}

// info returns one section of INFO.
func info(ctx context.Context, client *redis.Client, section string) (map[string]string, error) {
	text, err := client.Info(ctx, section).Result()
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok {
			fields[key] = value
		}
	}
	return fields, lines.Err()
}

// setting returns one value of CONFIG GET.
func setting(ctx context.Context, client *redis.Client, name string) (string, error) {
	values, err := client.ConfigGet(ctx, name).Result()
	if err != nil {
		return "", err
	}
	value, ok := values[name]
	if !ok {
		return "", errors.New("redisd: no setting " + name)
	}
	return value, nil
}
