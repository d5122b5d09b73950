package figures_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/figures"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-05": "2026年5月 2026-05-01 2026-06-01 day", "2026": "2026年 2026-01-01 2027-01-01 month",
		"2026-13": "", "26": "", "": "", "1999": "", "2026-5": "", "2026-05-01": "", "2026年": "",
	} {
		p, ok := figures.ParsePeriod(text)
		got := ""
		if ok {
			got = fmt.Sprint(p.Name, " ", p.From.Format(time.DateOnly), " ", p.To.Format(time.DateOnly), " ", p.Step)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestCompose: what the report says is what the sums say; every row has as many
// values as there are heads, every chart shows columns that are numbers.
func TestCompose(t *testing.T) {
	t.Parallel()
	var facts []figures.Fact
	for i := range 12 {
		s := matter(casework.Closed, did(access.Reply, 20), did(access.Close, 50))
		s.Outcome, s.ClosedAt = casework.Solved, at(50)
		if i%3 == 0 {
			s = matter(casework.Assigned)
			s.Assignee, s.Category = "m3", "market"
		}
		facts = append(facts, figures.Of(s, at(100)))
	}
	for text, steps := range map[string]int{"2026-07": 31, "2026": 12} {
		p, _ := figures.ParsePeriod(text)
		r := figures.Compose(roster(), p, facts, facts[:5], filed.AddDate(1, 0, 0))
		whole(t, r)
		running := figures.Compose(roster(), p, facts, facts[:5], filed.Add(time.Hour))
		if got := len(section(t, running, "走势").Rows); got != map[int]int{31: 15, 12: 7}[steps] {
			t.Errorf("%s has %d steps while it runs", text, got)
		}
		if got := len(section(t, r, "走势").Rows); got != steps {
			t.Errorf("%s has %d steps", text, got)
		}
		over := section(t, r, "总体")
		if over.Rows[0][1].Number != 12 || over.Rows[0][4].Number != 5 || !strings.Contains(over.Notes[0], "12 件") {
			t.Errorf("%+v", over.Rows[0])
		}
		if got := section(t, r, "委员").Rows; len(got) != 2 || got[0][0].Text != "陈一" || got[0][1].Number != 8 || got[1][0].Text != "=1+1" {
			t.Errorf("%+v", got)
		}
		if got := section(t, r, "界别与村"); len(got.Heads) != 3 || got.Rows[0][2].Number != 12 {
			t.Errorf("%+v", got)
		}
		if !strings.Contains(r.Title, p.Name) || len(section(t, r, "口径").Rows) != len(figures.Definitions()) {
			t.Errorf("%s: %+v", r.Title, section(t, r, "口径"))
		}
	}
}

// TestNothingHappened: a report of nothing says so, and has no chart of nothing.
func TestNothingHappened(t *testing.T) {
	t.Parallel()
	p, _ := figures.ParsePeriod("2026-07")
	r := figures.Compose(roster(), p, nil, nil, filed)
	whole(t, r)
	for _, s := range r.Sections {
		if len(s.Charts) > 0 {
			t.Errorf("%s has a chart", s.Sheet)
		}
	}
	if s := section(t, r, "委员"); len(s.Notes) == 0 || len(s.Rows) > 0 {
		t.Errorf("%+v", s)
	}
	if s := section(t, r, "总体"); s.Rows[2][1].String() != "–" || !strings.Contains(s.Notes[0], "没有人提交") {
		t.Errorf("%+v", s)
	}
}

func section(t *testing.T, r figures.Report, sheet string) figures.Section {
	t.Helper()
	for _, s := range r.Sections {
		if s.Sheet == sheet {
			return s
		}
	}
	t.Fatalf("no section %s", sheet)
	return figures.Section{}
}

func whole(t *testing.T, r figures.Report) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range r.Sections {
		if seen[s.Sheet] || s.Heading == "" || len([]rune(s.Sheet)) > 20 {
			t.Errorf("sheet %q, heading %q", s.Sheet, s.Heading)
		}
		seen[s.Sheet] = true
		for _, row := range s.Rows {
			if len(row) != len(s.Heads) {
				t.Errorf("%s: %d values under %d heads", s.Sheet, len(row), len(s.Heads))
			}
		}
		for _, c := range s.Charts {
			for _, column := range c.Columns {
				if column < 1 || column >= len(s.Heads) || s.Rows[0][column].Kind != figures.Number {
					t.Errorf("%s shows column %d", s.Sheet, column)
				}
			}
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]figures.Value{
		"12": {Number: 12, Kind: figures.Number}, "1.5": {Number: 1.5, Kind: figures.Number}, "97.3%": {Number: .9726, Kind: figures.Share},
		"–": {Kind: figures.None}, "码头": {Text: "码头"},
	} {
		if v.String() != want {
			t.Errorf("%q, want %q", v.String(), want)
		}
	}
}
