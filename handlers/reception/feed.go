package reception

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	deskreception "mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// CalendarState says whether the caller has a link to their calendar. The link itself is answered once, when it is made.
type CalendarState struct {
	On    bool       `json:"on"`
	Since *time.Time `json:"since,omitempty" doc:"When the link was made."`
	Asked string     `json:"asked,omitempty" format:"date" doc:"The last day on which a program read it."`
}

// CalendarLink is a new link.
type CalendarLink struct {
	CalendarState
	URL string `json:"url" doc:"Of a text/calendar feed. Whoever has it reads the calendar; it is stored nowhere and is not answered again."`
}

func calendarOf(s deskreception.FeedState) CalendarState {
	out := CalendarState{On: s.On, Asked: s.Asked}
	if s.On {
		since := s.Since.In(station.Zone)
		out.Since = &since
	}
	return out
}

func (rt *routes) addFeed() {
	op := func(method, id, summary string) web.Operation {
		return web.Op(method, "/me/calendar", id, summary).By(may(access.ReadReception)).Fails(http.StatusForbidden)
	}
	web.Handle(rt.api, op(http.MethodGet, "getMyCalendar", "Whether phones can subscribe to the caller's calendar."), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[CalendarState], error) {
		s, err := rt.reception.Feeds.State(ctx, c)
		if err != nil {
			return nil, err
		}
		return &wire.Output[CalendarState]{Body: calendarOf(s)}, nil
	})
	web.Handle(rt.api, op(http.MethodPost, "makeMyCalendar", "Make a link to the caller's calendar. The former link leads nowhere from then on.").
		Writes().Creates(), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[CalendarLink], error) {
		s, link, err := rt.reception.Feeds.Make(ctx, c)
		if err != nil {
			return nil, err
		}
		return &wire.Output[CalendarLink]{Body: CalendarLink{calendarOf(s), link}}, nil
	})
	web.Handle(rt.api, op(http.MethodDelete, "endMyCalendar", "The link leads nowhere from then on; phones that subscribed show no more.").
		Writes(), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*web.Nothing, error) {
		return nil, rt.reception.Feeds.End(ctx, c)
	})
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		rt.api.People.Handle(method, "/calendar/:station/:file", rt.calendar)
	}
}

// calendar serves the calendar of a link to programs, which have no session. Wrong links are limited by address: each
// costs a read. Right ones are not, because whoever shares the address may be many.
func (rt *routes) calendar(c *gin.Context) {
	ctx := c.Request.Context()
	token, ok := strings.CutSuffix(c.Param("file"), ".ics")
	if !ok {
		token = ""
	}
	text, err := rt.reception.Feeds.Read(ctx, c.Param("station"), token)
	if fault.Is(err, fault.NotFound) {
		if limit := rt.api.BoundAddress(ctx, c, rt.api.Limits.WrongLinks, web.EnoughLinks); limit != nil {
			err = limit
		}
	}
	if err != nil {
		rt.api.Refuse(c, err)
		return
	}
	sum := sha256.Sum256(text)
	h := c.Writer.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="duty.ics"`)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cache-Control", "private, no-cache") // each reading asks again, so that a link that has ended is dead at once
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(text))
}
