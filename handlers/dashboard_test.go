package handlers_test

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestDashboardOnTheWire: grids, series, lists, places and the screen agree with
// one another, and what is asked wrongly is refused by field.
func TestDashboardOnTheWire(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	id := at[string](b.file(visitor, nil), "id")
	b.file(visitor, nil)
	b.want(b.send("POST", "/api/v1/submissions/"+id+"/withdraw", visitor, map[string]any{}), 200)
	b.clock.Advance(time.Hour)
	liaison := b.as("sun", "hk", "liaison", "l1")
	ask := func(path string) map[string]any { return b.got(b.send("GET", "/api/v1/station/"+path, liaison, nil)) }

	grid := ask("figures/grid?from=2026-05-01&to=2026-05-31")
	cell := obj(at[[]any](grid, "cells")[0])
	if at[float64](cell, "filed") != 2 || len(at[[]any](grid, "rows")) != 1 || len(at[[]any](grid, "cols")) != 1 {
		t.Errorf("%v", grid)
	}
	series := ask("figures/series?from=2026-05-01&to=2026-05-31")
	points := at[[]any](series, "points")
	sum := 0.0
	for _, p := range points {
		sum += at[float64](obj(p), "filed")
	}
	if len(points) != 31 || sum != 2 || len(at[[]any](series, "definitions")) != 11 || at[string](series, "before_from") != "2026-04-01T00:00:00+08:00" {
		t.Errorf("%d points, %v in all: %v", len(points), sum, series["before_from"])
	}
	for query, want := range map[string]int{
		"figure=filed": 2, "figure=withdrawn": 1, "figure=left_out": 1, "figure=first&part=no": 1, "figure=first&part=of": 1, "figure=solved": 0,
		"figure=filed&by=sector&cross=village&key=" + url.QueryEscape(at[string](cell, "row")) + "&other=" + url.QueryEscape(at[string](cell, "col")): 2,
		"figure=filed&by=sector&key=": 0, "figure=filed&limit=1": 1,
	} {
		list := ask("figures/list?from=2026-05-01&to=2026-05-31&" + query)
		if got := len(at[[]any](list, "items")); got != want {
			t.Errorf("%s lists %d, want %d", query, got, want)
		}
	}
	places := ask("figures/places?from=2026-05-01&to=2026-05-31")
	first := obj(at[[]any](places, "places")[0])
	if at[float64](first, "filed") != 2 || first["lat"] != nil || len(at[[]any](places, "spots")) != 0 {
		t.Errorf("%v", places)
	}
	r := b.send("GET", "/api/v1/station/screen", liaison, nil)
	b.want(r, 200)
	if got := r.JSON(t); at[float64](got, "today") != 2 || at[float64](got, "open") != 1 || len(at[[]any](got, "days")) != 14 {
		t.Errorf("%v", got)
	}
	if strings.Contains(string(r.Body), "乱收费") || strings.Contains(string(r.Body), id) {
		t.Errorf("the hall reads a matter: %s", r.Body)
	}
	for _, query := range []string{
		"list", "list?figure=weather", "list?figure=filed&part=x", "list?figure=filed&cross=kind", "list?figure=filed&limit=101",
		"grid?rows=x", "series?by=hour", "series?from=2020-01-01", "places?to=x",
	} {
		b.problem(b.send("GET", "/api/v1/station/figures/"+query, liaison, nil), 422, "invalid")
	}
}

// TestFilesOnTheWire: reports and lists come as files of their kind, with a name.
func TestFilesOnTheWire(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.file(b.login("villager"), nil)
	liaison := b.as("sun", "hk", "liaison", "l1")
	for _, tc := range []struct {
		path, body, begins, mediaType, name string
	}{
		{"reports", `{"period":"2026-05","format":"xlsx"}`, "PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "2026年5月诉求办理报告.xlsx"},
		{"reports", `{"period":"2026","format":"pdf"}`, "%PDF", "application/pdf", "2026年诉求办理报告.pdf"},
		{"submissions/export", `{"reason":"核对","texts":true,"from":"2026-05-01"}`, "PK", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
	} {
		r := b.send("POST", "/api/v1/station/"+tc.path, liaison, tc.body)
		b.want(r, 202)
		job := b.jobEnds(liaison, at[string](r.JSON(t), "id"))
		r = b.send("GET", "/api/v1/station/jobs/"+at[string](job, "id")+"/file", liaison, nil)
		b.want(r, 200)
		_, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err != nil || !strings.HasSuffix(params["filename"], tc.name) {
			t.Errorf("%s: %q, %v", tc.path, r.Header.Get("Content-Disposition"), err)
		}
		if !bytes.HasPrefix(r.Body, []byte(tc.begins)) || r.Header.Get("Content-Type") != tc.mediaType || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", tc.path, r.Header)
		}
	}
	for path, body := range map[string]string{
		"reports": `{"period":"May","format":"pdf"}`, "reports?": `{"period":"2099","format":"pdf"}`, "reports?x": `{"period":"2026","format":"doc"}`,
		"submissions/export": `{"reason":""}`, "submissions/export?": `{"reason":"x","state":["lost"]}`, "submissions/export?x": `{"reason":"x","to":"today"}`,
	} {
		b.problem(b.send("POST", "/api/v1/station/"+path, liaison, body), 422, "invalid")
	}
	lines := fmt.Sprint(b.got(b.send("GET", "/api/v1/station/audit", liaison, nil)))
	for _, want := range []string{"导出报告", "导出清单（含内容）"} {
		if !strings.Contains(lines, want) {
			t.Errorf("the audit lacks %s", want)
		}
	}
}
