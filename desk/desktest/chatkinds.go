package desktest

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"mashang/domain/record"
)

const MediaGetPath = "/cgi-bin/media/get"

// Keeps lets the platform have one file, whatever the id.
func (b *Bundle) Keeps(data []byte) {
	b.Line.On(MediaGetPath, func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"image/jpeg"}},
			Body: io.NopCloser(bytes.NewReader(data)), Request: r,
		}, nil
	})
}

// Sends is something of the kind from the phone, and what was answered to it;
// the platform lets it be answered as if it were a text.
func (b *Bundle) Sends(openid string, a record.InboundEvent) string {
	b.T.Helper()
	a.ID, a.OpenID = Fresh(), openid
	before := len(b.Chatted(openid))
	b.Arrive(a)
	said := b.Chatted(openid)
	if len(said) == before {
		return ""
	}
	return strings.Join(said[before:], "|")
}
