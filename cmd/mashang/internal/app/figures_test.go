package app_test

import (
	"bytes"
	"encoding/csv"
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
	"mashang/domain/intake"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store/storetest"
)

func TestFiguresAtTheCommandLine(t *testing.T) {
	t.Parallel()
	cfg := on(t, storetest.New(t))
	p := built(t, cfg)
	listed := testRoster()
	listed.Categories = []station.Category{{Key: "market", Name: "=1+1"}}
	ingest(t, p, listed)
	filed := time.Now().Add(-time.Hour)
	s := casework.Submission{
		ID: "lj-0000000000000001", Station: "lj", Filer: "u1", FiledAt: casework.At(filed), Kind: casework.Complaint,
		Visitor: casework.Resident, Category: "market", Text: "不该打印的话", Target: station.Target{Kind: station.ForStation},
		Intake: &intake.Intake{Channel: intake.Visit, Persons: 3},
	}
	s = casework.Clock{Days: calendar.New(station.Zone)}.Start(s, filed)
	if _, _, err := p.Store().Admit(t.Context(), record.Admission{Submission: s, Key: s.ID, BodyHash: "x", NoticeID: s.ID, Now: filed}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	f := app.Figures{
		Config: cfg, Log: slog.New(slog.DiscardHandler), Out: &out, By: "category", Now: time.Now,
		From: filed.In(station.Zone).AddDate(0, 0, -1).Format(time.DateOnly),
	}
	if err := f.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "全站") || !strings.Contains(s, "0.0% (0/1)") || !strings.Contains(s, "回访") || !strings.Contains(s, "目标 满意率 96.0%") || strings.Contains(s, "不该打印") {
		t.Error(s)
	}
	f.CSV = filepath.Join(t.TempDir(), "figures.csv")
	if err := f.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(f.CSV)
	if _, err := csv.NewReader(bytes.NewReader(data)).ReadAll(); err != nil {
		t.Errorf("a line has not one cell a head: %v", err)
	}
	if err != nil || !strings.HasPrefix(string(data), "\ufeff,件数,人次") || !strings.Contains(string(data), "\n'=1+1,1,3,") {
		t.Errorf("%s, %v", data, err)
	}
	f.From = "last week"
	if err := f.Run(t.Context()); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}
