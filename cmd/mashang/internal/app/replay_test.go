package app_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mashang/cmd/mashang/internal/app"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
	"mashang/store/storetest"
)

// TestReplaySaysWhatOtherRulesWouldChange: of what was filed since the day, with
// nothing of the text in it, and changes nothing.
func TestReplaySaysWhatOtherRulesWouldChange(t *testing.T) {
	t.Parallel()
	cfg := on(t, storetest.New(t))
	p := built(t, cfg)
	listed := testRoster()
	listed.Sectors = append(listed.Sectors, station.Sector{Name: "教育"})
	listed.Members[1].Sector = "教育"
	listed.Categories = []station.Category{{Key: "market", Name: "市场收费", Sectors: []string{"经济"}}}
	st, _, _ := ingest(t, p, listed)
	now := storetest.Noon
	for i, at := range []time.Time{now.AddDate(0, 0, -9), now.AddDate(0, 0, -1), now} {
		f := casework.Filing{Kind: casework.Complaint, Visitor: casework.Resident, Category: "market", Text: "不该打印的话"}
		target := station.Target{Kind: station.ForStation}
		if i == 2 {
			target = station.Target{Kind: station.ForMember, ID: "m01"}
		}
		s := casework.Submission{
			ID: "lj-" + string(rune('a'+i)), Station: "lj", Filer: "u1", FiledAt: casework.At(at),
			Kind: f.Kind, Visitor: f.Visitor, Category: f.Category, Text: f.Text, Target: target,
			Decision: routing.Decide(routing.Input{Station: st, Target: target, Filing: f, Now: at}),
		}
		s = casework.Clock{Days: calendar.New(station.Zone)}.Start(s, at)
		a := record.Admission{Submission: s, Key: s.ID, BodyHash: "x", NoticeID: s.ID, Now: at}
		for _, c := range s.Decision.Offered() {
			a.Capacities = append(a.Capacities, c.Capacity)
		}
		if _, _, err := p.Store().Admit(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	run := func(change func(*app.Replay)) (string, error) {
		var out bytes.Buffer
		r := app.Replay{
			Config: cfg, Log: slog.New(slog.DiscardHandler), Out: &out, Now: func() time.Time { return now.Add(time.Hour) },
		}
		change(&r)
		err := r.Run(t.Context())
		if strings.Contains(out.String(), "不该打印的话") {
			t.Error("the text is printed")
		}
		return out.String(), err
	}
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "rules.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := file(`{"version":0,"categories":[{"category":"market","sectors":["教育"]}]}`)

	if out, err := run(func(*app.Replay) {}); err != nil || !strings.Contains(out, "2 件") || !strings.Contains(out, "0 件会有不同") {
		t.Errorf("the same rules: %s, %v", out, err)
	}
	out, err := run(func(r *app.Replay) { r.Rules = other })
	if err != nil || !strings.Contains(out, "1 件会有不同") || !strings.Contains(out, "陈一") || !strings.Contains(out, "陈二") || !strings.Contains(out, "用今天的") {
		t.Errorf("other rules: %s, %v", out, err)
	}
	out, err = run(func(r *app.Replay) {
		r.Rules, r.Since, r.JSON = other, now.AddDate(0, 0, -10).Format(time.DateOnly), true
	})
	var got struct {
		Total   int
		Changed []struct{ ID, Was, Would string }
	}
	if err != nil || json.Unmarshal([]byte(out), &got) != nil || got.Total != 3 || len(got.Changed) != 2 ||
		got.Changed[0].ID != "lj-b" || got.Changed[0].Was != "陈一" || got.Changed[0].Would != "陈二" {
		t.Errorf("as JSON: %s, %v", out, err)
	}
	for what, change := range map[string]func(*app.Replay){
		"a date":        func(r *app.Replay) { r.Since = "gestern" },
		"no JSON":       func(r *app.Replay) { r.Rules = file("{") },
		"another field": func(r *app.Replay) { r.Rules = file(`{"gravity":{}}`) },
		"wrong rules":   func(r *app.Replay) { r.Rules = file(`{"weights":{"luck":1}}`) },
		"a station":     func(r *app.Replay) { r.Station = "xx" },
	} {
		if out, err := run(change); err == nil {
			t.Errorf("%s: %s", what, out)
		}
	}
	if _, err := run(func(r *app.Replay) { r.Rules = file(`{"weights":{"luck":1}}`) }); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if again, err := p.Store().Station(t.Context(), "lj"); err != nil || again.Version != st.Version || again.Rules != nil {
		t.Errorf("replaying changed the station: %+v, %v", again, err)
	}
}

// TestAnImportThatClosesALoopIsRefused: with an absence that was reported and
// one of the spreadsheet.
func TestAnImportThatClosesALoopIsRefused(t *testing.T) {
	t.Parallel()
	p, _ := product(t)
	st, _, _ := ingest(t, p, testRoster())
	reported := *st
	reported.Version++
	reported.Members = append([]station.Member(nil), st.Members...)
	reported.Members[0].Absences = []station.Absence{{ID: "a1", From: "2026-08-01", To: "2026-08-05", Substitute: "m02"}}
	if ok, err := p.Store().PutStation(t.Context(), &reported, st.Version); err != nil || !ok {
		t.Fatal(ok, err)
	}
	listed := testRoster()
	listed.Members[1].Absences = []station.Absence{{From: "2026-08-05", To: "2026-08-06", Substitute: "m01"}}
	if _, _, _, err := p.Ingest(t.Context(), listed, false); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "陈一→陈二→陈一") {
		t.Errorf("%v", err)
	}
	listed.Members[1].Absences[0].From = "2026-08-06"
	if got, _, _ := ingest(t, p, listed); len(got.Members[0].Absences) != 1 {
		t.Errorf("the reported one is lost: %+v", got.Members[0])
	}
}
