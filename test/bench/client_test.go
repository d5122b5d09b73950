package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"
	"testing"
	"time"
)

// conn is a persistent HTTP/1.1 connection that sends one request at a time.
// The generator shares the processors with what it measures, so it does only
// what is needed: one write, one read of head and body, no maps of headers.
type conn struct {
	net  net.Conn
	r    *bufio.Reader
	out  []byte
	body []byte
	host string
}

// answerTime bounds one request; a server that hangs fails the benchmark.
const answerTime = 30 * time.Second

func dial(ctx context.Context, addr string) (*conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{net: c, r: bufio.NewReaderSize(c, 64<<10), host: addr}, nil
}

func (c *conn) close() { _ = c.net.Close() }

// request is one request. Token and Key are left out when empty.
type request struct {
	method, path, token, key string
	body                     []byte
}

var errFraming = errors.New("an answer without Content-Length")

// do sends a request and returns the answer's status and body. The body is
// valid until the next call.
func (c *conn) do(q request) (status int, body []byte, err error) {
	b := c.out[:0]
	b = append(append(append(b, q.method...), ' '), q.path...)
	b = append(append(b, " HTTP/1.1\r\nHost: "...), c.host...)
	if q.token != "" {
		b = append(append(b, "\r\nAuthorization: Bearer "...), q.token...)
	}
	if q.key != "" {
		b = append(append(b, "\r\nIdempotency-Key: "...), q.key...)
	}
	if q.body != nil {
		b = append(b, "\r\nContent-Type: application/json\r\nContent-Length: "...)
		b = strconv.AppendInt(b, int64(len(q.body)), 10)
	}
	c.out = append(append(b, "\r\n\r\n"...), q.body...)
	if err := c.net.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return 0, nil, err
	}
	if _, err := c.net.Write(c.out); err != nil {
		return 0, nil, err
	}
	return c.read()
}

func (c *conn) read() (status int, body []byte, err error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 {
		return 0, nil, fmt.Errorf("status line %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, chunked := -1, false
	for {
		if line, err = c.r.ReadSlice('\n'); err != nil {
			return 0, nil, err
		}
		if len(line) <= 2 {
			break
		}
		const name = "content-length:"
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(name):]))); err != nil {
				return 0, nil, err
			}
		}
		chunked = chunked || bytes.HasPrefix(line, []byte("Transfer-Encoding: chunked"))
	}
	switch {
	case chunked:
		c.body, err = io.ReadAll(httputil.NewChunkedReader(c.r))
		if err == nil {
			_, err = c.r.ReadSlice('\n') // the end of the trailer
		}
	case length < 0:
		return 0, nil, errFraming
	default:
		if cap(c.body) < length {
			c.body = make([]byte, length)
		}
		c.body = c.body[:length]
		_, err = io.ReadFull(c.r, c.body)
	}
	return status, c.body, err
}

// expect is do for a status that must be.
func (c *conn) expect(status int, q request) ([]byte, error) {
	got, body, err := c.do(q)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", q.method, q.path, err)
	}
	if got != status {
		return nil, fmt.Errorf("%s %s: status %d, not %d: %.300s", q.method, q.path, got, status, body)
	}
	return body, nil
}

// field returns the text of the first "name":"text" after the mark, without
// decoding the rest: ids hold nothing that is escaped.
func field(body []byte, after, name string) string {
	if after != "" {
		_, rest, ok := bytes.Cut(body, []byte(after))
		if !ok {
			return ""
		}
		body = rest
	}
	_, rest, ok := bytes.Cut(body, []byte(`"`+name+`":"`))
	if !ok {
		return ""
	}
	value, _, _ := bytes.Cut(rest, []byte{'"'})
	return string(value)
}

func TestTheGeneratorReadsAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text   string
		status int
		body   string
		fails  bool
	}{
		"plain":         {"HTTP/1.1 201 Created\r\nA: b\r\ncontent-LENGTH:  5\r\n\r\nhello", 201, "hello", false},
		"empty":         {"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, "", false},
		"in chunks":     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200, "hello", false},
		"cut":           {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 200, "", true},
		"no length":     {"HTTP/1.1 200 OK\r\n\r\nhello", 0, "", true},
		"no status":     {"HTTP\r\n\r\n", 0, "", true},
		"a wrong one":   {"HTTP/1.1 abc\r\n\r\n", 0, "", true},
		"nothing":       {"", 0, "", true},
		"a wrong digit": {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", 0, "", true},
	} {
		c := &conn{r: bufio.NewReader(strings.NewReader(tc.text))}
		status, body, err := c.read()
		if (err != nil) != tc.fails || !tc.fails && (status != tc.status || string(body) != tc.body) {
			t.Errorf("%s: %d %q %v", name, status, body, err)
		}
	}
}

func TestFieldsAreFound(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"hk-1","assignee":{"id":"m01","name":"x"},"version":1}`)
	for _, tc := range [][3]string{{"", "id", "hk-1"}, {`"assignee":{`, "id", "m01"}, {"", "nothing", ""}, {"nowhere", "id", ""}} {
		if got := field(body, tc[0], tc[1]); got != tc[2] {
			t.Errorf("%v: %q", tc, got)
		}
	}
}
