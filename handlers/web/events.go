package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"mashang/domain/fault"
)

// Events is a stream of server-sent events (WHATWG HTML, 9.2).
type Events struct {
	f    *API
	c    *gin.Context
	out  *http.ResponseController
	once bool
	// idle counts the beats since the last event.
	idle int
}

// Streaming is the input of every stream.
type Streaming struct {
	Once bool `query:"once" doc:"Tell what there is to tell now, and end: for who cannot keep a stream open."`
}

// idleBeats is the number of beats without an event after which a comment is sent: proxies cut connections that
// are silent for a minute, and it detects a reader that has gone.
const idleBeats = 20

// sendTimeout is the limit for sending one event.
const sendTimeout = 10 * time.Second

// Stream answers with a stream that tell writes; end is called after it.
func (api *API) Stream(once bool, end func(), tell func(*Events)) *Picture {
	return &Picture{func(ctx huma.Context) {
		defer end()
		c := humagin.Unwrap(ctx)
		h := c.Writer.Header()
		h.Set("Content-Type", "text/event-stream; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no") // nginx would buffer events
		c.Status(http.StatusOK)
		tell(&Events{f: api, c: c, out: http.NewResponseController(c.Writer), once: once})
	}}
}

// Send sends one event; data is JSON. An error means that the reader has gone.
func (e *Events) Send(name string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	return e.write(fmt.Sprintf("event: %s\ndata: %s\n\n", name, text))
}

// write sends a piece of the stream.
func (e *Events) write(text string) error {
	// The network's deadline uses the real clock: the server's may be a test's.
	deadline := time.Now().Add(sendTimeout) //nolint:forbidigo // a deadline of the machine's own, decides nothing
	if err := e.out.SetWriteDeadline(deadline); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("handlers: deadline of a stream: %w", err)
	}
	if _, err := io.WriteString(e.c.Writer, text); err != nil {
		return fmt.Errorf("handlers: stream: %w", err)
	}
	if err := e.out.Flush(); err != nil {
		return fmt.Errorf("handlers: stream: %w", err)
	}
	e.idle = 0
	return nil
}

// Each calls look at every beat until it returns true, the caller has gone or the server stops.
func (e *Events) Each(look func() (done bool)) {
	beat := time.NewTicker(e.f.Options.Beat)
	defer beat.Stop()
	for !look() && !e.once {
		if e.idle++; e.idle > idleBeats && e.write(":\n\n") != nil {
			return
		}
		select {
		case <-beat.C:
		case <-e.c.Request.Context().Done():
			return
		case <-e.f.Stopping:
			return
		}
	}
}
