package desktest

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"mashang/domain/record"
)

const MediaGetPath = "/cgi-bin/media/get"

// ServeFile has the platform return one file for every media id.
func (b *Bundle) ServeFile(data []byte) {
	b.Line.Handle(MediaGetPath, func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"image/jpeg"}},
			Body: io.NopCloser(bytes.NewReader(data)), Request: r,
		}, nil
	})
}

// SendEvent pushes a chat event and returns the answer. The platform accepts the answer as if a text had been
// sent.
func (b *Bundle) SendEvent(openid string, a record.InboundEvent) string {
	b.T.Helper()
	a.ID, a.OpenID = Fresh(), openid
	before := len(b.ChatTexts(openid))
	b.PushEvents(a)
	said := b.ChatTexts(openid)
	if len(said) == before {
		return ""
	}
	return strings.Join(said[before:], "|")
}
