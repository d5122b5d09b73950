package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/handlers/web"
)

// calendarLink makes a link and returns its path.
func (b *bundle) calendarLink(token string) string {
	b.t.Helper()
	r := b.send("POST", "/api/v1/me/calendar", token, nil)
	b.want(r, 201)
	path, ok := strings.CutPrefix(at[string](r.JSON(b.t), "url"), publicURL)
	if !ok || !strings.HasPrefix(path, "/calendar/hk/") || !strings.HasSuffix(path, ".ics") {
		b.t.Fatalf("%s", r.Body)
	}
	return path
}

// TestACalendarIsSubscribedTo: the link is answered once, programs need nothing but it, and what has not changed is not
// sent again.
func TestACalendarIsSubscribedTo(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.MetricsHere = true })
	ma := b.as("ma", "hk", "member", "m1")
	state := func() map[string]any { return b.got(b.send("GET", "/api/v1/me/calendar", ma, nil)) }
	if s := state(); s["on"] != false || s["since"] != nil || s["url"] != nil {
		t.Errorf("%v", s)
	}
	path := b.calendarLink(ma)
	r := b.send("GET", path, "", nil)
	b.want(r, 200)
	tag := r.Header.Get("ETag")
	for name, want := range map[string]string{
		"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff",
		"Content-Disposition": `inline; filename="duty.ics"`,
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if text := string(r.Body); !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") || len(tag) < 20 {
		t.Errorf("%q: %s", tag, text)
	}
	if s := state(); s["on"] != true || s["since"] == nil || s["asked"] != b.clock.Now().In(time.FixedZone("", 8*3600)).Format(time.DateOnly) || s["url"] != nil {
		t.Errorf("%v", s)
	}
	head := b.send("HEAD", path, "", nil)
	b.want(head, 200)
	if head.Header.Get("ETag") != tag || len(head.Body) != 0 {
		t.Errorf("HEAD: %v, %s", head.Header, head.Body)
	}
	for _, known := range []string{tag, `"other", W/` + tag} {
		same := b.send("GET", path, "", nil, "If-None-Match", known)
		b.want(same, http.StatusNotModified)
		if len(same.Body) != 0 || same.Header.Get("ETag") != tag {
			t.Errorf("304: %v, %s", same.Header, same.Body)
		}
	}
	b.want(b.send("GET", path, "", nil, "If-None-Match", `"other"`), 200)

	next := b.calendarLink(ma)
	b.problem(b.send("GET", path, "", nil, "If-None-Match", tag), 404, "not_found")
	b.want(b.send("GET", next, "", nil), 200)
	b.problem(b.send("GET", strings.TrimSuffix(next, ".ics"), "", nil), 404, "not_found")
	b.problem(b.send("GET", strings.Replace(next, "/hk/", "/zz/", 1), "", nil), 404, "not_found")
	b.want(b.send("DELETE", "/api/v1/me/calendar", ma, nil), 204)
	b.problem(b.send("GET", next, "", nil), 404, "not_found")
	if s := state(); s["on"] != false {
		t.Errorf("%v", s)
	}
	// Nothing of a link is in the log, which has each request, or in the figures.
	log, figures := b.log.String(), string(b.send("GET", "/metrics", "", nil).Body)
	if !strings.Contains(log, `"route":"/calendar/:station/:file"`) || !strings.Contains(figures, "/calendar/:station/:file") {
		t.Errorf("the route is not in the log or not in the figures")
	}
	for _, link := range []string{path, next} {
		for part := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(link, "/calendar/hk/"), ".ics"), "-") {
			if strings.Contains(log, part) || strings.Contains(figures, part) {
				t.Errorf("the log or the figures hold %s", part)
			}
		}
	}
}

// TestWrongLinksAreLimited by address; those that lead somewhere are not.
func TestWrongLinksAreLimited(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) { o.Limits.LoginPerMinute = 3 })
	path := b.calendarLink(b.as("ma", "hk", "member", "m1"))
	wrong := strings.Replace(path, "-", "-0", 1)
	for range 3 {
		b.problem(b.send("GET", wrong, "", nil), 404, "not_found")
	}
	r := b.send("GET", wrong, "", nil)
	b.problem(r, 429, "too_many")
	if r.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
	b.want(b.send("GET", path, "", nil), 200)
}
