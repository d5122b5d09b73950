package app_test

import (
	"bytes"
	"fmt"
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
	"mashang/domain/station"
	"mashang/store/storetest"
)

// TestTrainFromWhatTheStationClosed: the liaison's word is a label, a tourist's
// default is none, and a worse model does not replace a better one.
func TestTrainFromWhatTheStationClosed(t *testing.T) {
	t.Parallel()
	cfg := on(t, storetest.New(t))
	p := built(t, cfg)
	listed := testRoster()
	listed.Categories = []station.Category{{Key: "market", Name: "市场收费"}, {Key: "tour", Name: "旅游服务", Tourist: true}}
	ingest(t, p, listed)
	now := storetest.Noon
	var out bytes.Buffer
	topics := app.Classifier{Config: cfg, Log: slog.New(slog.DiscardHandler), Out: &out, Now: time.Now}
	if err := topics.Train(t.Context()); !fault.Is(err, fault.WrongState) {
		t.Fatalf("trained from nothing: %v", err)
	}
	said := map[string][]string{
		"market": {"摊位缺斤少两", "超市卖过期奶", "发票不肯开", "菜价贵一倍", "秤不准", "退款拖着不给", "网购假货"},
		"tour":   {"游船票不退", "导游强制购物", "民宿太脏", "讲解员不来", "停车场找不到", "门票重复收", "索道停了"},
	}
	text := func(label string, i int) string {
		list := said[label]
		return list[i%7] + "，" + list[(i/7+i+1)%7] + []string{"请管一管", "已经说过两次", "都有意见", "怎么办"}[i%4]
	}
	n := 0
	file := func(category, text string, visitor casework.Visitor) {
		n++
		s := casework.Submission{
			ID: fmt.Sprintf("lj-%016d", n), Station: "lj", Filer: "u1", FiledAt: casework.At(now),
			Kind: casework.Complaint, Visitor: visitor, Category: category, Text: text, Target: station.Target{Kind: station.ForStation},
		}
		s = casework.Clock{Days: calendar.New(station.Zone)}.Start(s, now)
		s, _, err := p.Store().Admit(t.Context(), record.Admission{Submission: s, Key: s.ID, BodyHash: "x", NoticeID: s.ID, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		next := s
		next.Version, next.State, next.Outcome, next.ClosedAt = 2, casework.Closed, casework.Solved, casework.At(now)
		if ok, err := p.Store().Commit(t.Context(), s, next, nil); err != nil || !ok {
			t.Fatal(ok, err)
		}
	}
	for i := range 40 {
		for category := range said {
			file(category, text(category, i), casework.Resident)
		}
		file("tour", "缺斤少两", casework.Tourist) // nobody's choice
	}
	if err := topics.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "训练中：80 条") || !strings.Contains(s, "第 1 版") || strings.Contains(s, "缺斤少两") {
		t.Error(s)
	}
	out.Reset()
	if err := topics.Evaluate(t.Context()); err != nil || !strings.Contains(out.String(), "宏平均 F1") {
		t.Errorf("%v\n%s", err, out.String())
	}
	// Labels tossed like a coin make a worse model.
	var csv strings.Builder
	csv.WriteString("\ufefflabel,title,detail\n")
	for i := range 80 {
		_, _ = fmt.Fprintf(&csv, "%s,,%s\n", []string{"market", "旅游服务"}[i*7/3%2], text("tour", i))
	}
	topics.File = filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(topics.File, []byte(csv.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := topics.Train(t.Context()); !fault.Is(err, fault.WrongState) || !strings.Contains(err.Error(), "没有替换") {
		t.Errorf("replaced by a worse one: %v", err)
	}
	topics.Force = true
	if err := topics.Train(t.Context()); err != nil {
		t.Errorf("forced: %v", err)
	}
	for _, bad := range []string{"label,title,detail\nnone,a,b\n", "label,title\na,b\n", "label,title,detail\nmarket,,\n", "label,title,detail\n\"market,,\n"} {
		if err := os.WriteFile(topics.File, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := topics.Train(t.Context()); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
