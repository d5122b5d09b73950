package desktest

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"mashang/domain/record"
)

// Chatted is what the program said to the person, in order.
func (b *Bundle) Chatted(openid string) []string {
	b.T.Helper()
	var said []string
	for _, line := range b.Emu.Chat(openid) {
		if line.From == "service" {
			said = append(said, line.Text)
		}
	}
	return said
}

// Arrive has things pushed and works on them.
func (b *Bundle) Arrive(list ...record.InboundEvent) {
	b.T.Helper()
	if err := b.Inbound.Enqueue(b.T.Context(), list); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
}

// Refuses has the platform refuse what is asked for on the path.
func (b *Bundle) Refuses(path string, code int) {
	b.Line.On(path, func(r *http.Request) (*http.Response, error) {
		answer, err := Busy(r)
		answer.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"errcode":%d,"errmsg":"no"}`, code)))
		return answer, err
	})
}
