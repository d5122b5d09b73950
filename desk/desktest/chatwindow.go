package desktest

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"mashang/domain/record"
)

// ChatTexts returns what the program sent to the person, in order.
func (b *Bundle) ChatTexts(openid string) []string {
	b.T.Helper()
	var said []string
	for _, line := range b.Emu.Chat(openid) {
		if line.From == "service" {
			said = append(said, line.Text)
		}
	}
	return said
}

// PushEvents pushes events and processes them.
func (b *Bundle) PushEvents(list ...record.InboundEvent) {
	b.T.Helper()
	if err := b.Inbound.Enqueue(b.T.Context(), list); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
}

// FailPath has the platform refuse requests for the path with the code.
func (b *Bundle) FailPath(path string, code int) {
	b.Line.Handle(path, func(r *http.Request) (*http.Response, error) {
		answer, err := Busy(r)
		answer.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"errcode":%d,"errmsg":"no"}`, code)))
		return answer, err
	})
}
