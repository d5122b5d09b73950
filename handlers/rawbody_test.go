package handlers_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"mashang/handlers/web"
)

// raw sends bytes as they are and returns the answer.
func (b *bundle) raw(request string) (status int, body string) {
	b.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(b.t.Context(), "tcp", b.http.Listener.Addr().String())
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, request); err != nil {
		b.t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// A body whose chunks are malformed is the client's fault at every door that
// reads one.
func TestMalformedChunksAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.Log = nil })
	token := b.login("villager")
	liaison := b.as("sun", "hk", "liaison", "l1")
	const crlf = "\r\n"
	for _, door := range []struct{ path, token, kind string }{
		{"/api/v1/sessions", "", "application/json"},
		{"/api/v1/submissions", token, "application/json"},
		{"/api/v1/uploads", token, "multipart/form-data; boundary=x"},
		{"/api/v1/station/roster/import", liaison, "multipart/form-data; boundary=x"},
		{"/wechat/push?signature=x&timestamp=1&nonce=1", "", "application/json"},
	} {
		for name, chunks := range map[string]string{
			"no number":       "zz" + crlf + "{}" + crlf + "0" + crlf + crlf,
			"negative":        "-2" + crlf + "{}" + crlf + "0" + crlf + crlf,
			"too large":       strings.Repeat("f", 17) + crlf,
			"hexadecimal 0x":  "0x2" + crlf + "{}" + crlf + "0" + crlf + crlf,
			"no end of chunk": "2" + crlf + "{}XX" + "0" + crlf + crlf,
			"bare LF":         "2\n{}\n0\n\n",
		} {
			head := "POST " + door.path + " HTTP/1.1" + crlf + "Host: x" + crlf + "Content-Type: " + door.kind + crlf +
				"Transfer-Encoding: chunked" + crlf + "Connection: close" + crlf + "Idempotency-Key: 0123456789" + crlf
			if door.token != "" {
				head += "Authorization: Bearer " + door.token + crlf
			}
			if status, body := b.raw(head + crlf + chunks); status != http.StatusBadRequest || !strings.Contains(body, `"malformed"`) {
				t.Errorf("%s, %s: %d %s", door.path, name, status, body)
			}
		}
	}
}
