package qrcodes_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/station"
	"mashang/qrcodes"
)

func town() *station.Station {
	st := &station.Station{Name: "临江镇委员工作站"}
	for i := range 30 {
		st.Members = append(st.Members, station.Member{
			ID: fmt.Sprint("m", i), Name: fmt.Sprint("委员", i), Sector: fmt.Sprint("第", i%9, "界别"), Village: fmt.Sprint("村", i%14),
		})
	}
	st.Members[0].Name = "罕见😀姓"
	st.Places = []station.Place{{ID: "p1", Name: "东岸停车场出口第二个收费亭旁边靠近游客中心一侧", Village: "村0"}}
	return st
}

// facts are n submissions of July over the whole town.
func facts(n int) (list []figures.Fact) {
	for i := range n {
		at := time.Date(2026, 7, 1+i*i%29, 9, 0, 0, 0, station.Zone)
		f := figures.Fact{
			Filed: casework.At(at), Member: fmt.Sprint("m", i%30), Kind: casework.Complaint, Visitor: casework.Resident, First: figures.OnTime,
			Answer: figures.OnTime, Closed: i%3 > 0, Solved: i%3 > 1, Answered: true, FirstMinutes: i % 40, AnswerMinutes: i * 7,
			Target: station.Target{Kind: station.ForMember, ID: fmt.Sprint("m", i*7%30)},
		}
		if i%5 == 0 {
			f.Target = station.Target{Kind: station.ForPlace, ID: "p1"}
		}
		f.Rated, f.Satisfied = f.Closed && i%4 == 0, f.Solved
		list = append(list, f)
	}
	return list
}

func composed(period string, n int) figures.Report {
	p, _ := figures.ParsePeriod(period)
	return figures.Compose(town(), p, facts(n), facts(n/2), time.Date(2026, 8, 2, 9, 0, 0, 0, station.Zone))
}

func TestReport(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext", "pdftoppm")
	for period, n := range map[string]int{"2026-07": 400, "2026": 3} {
		pdf, err := qrcodes.Report(composed(period, n))
		if err != nil {
			t.Fatal(err)
		}
		if folder := os.Getenv("LOOK"); folder != "" {
			if err := os.WriteFile(folder+"/"+period+".pdf", pdf, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		text := words(t, pdf)
		wants := []string{"临江镇委员工作站2026年", "第1页", "一、总体情况", fmt.Sprintf("提交诉求%d件", n), "数据口径", "群众评价时说满意的", "群众评价时说解决了的", "罕见😀姓", "制作时间：2026年8月2日"}
		if n == 400 {
			wants = append(wants, "第2页", "7月31日", "另有6列", "东岸停车场出口第二个收费")
		} else {
			wants = append(wants, "件数较少", "本期尚未结束", "8月")
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in it:\n%s", period, want, text)
			}
		}
	}
}

// TestReportOfNothing: a period without submissions has a report that says so.
func TestReportOfNothing(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext")
	pdf, err := qrcodes.Report(composed("2026-07", 0))
	if err != nil {
		t.Fatal(err)
	}
	if text := words(t, pdf); !strings.Contains(text, "没有人提交诉求") || strings.Contains(text, "NaN") {
		t.Error(text)
	}
	if pdf, err := qrcodes.Report(figures.Report{}); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("an empty one: %v", err)
	}
}

func TestReportRefusesABook(t *testing.T) {
	t.Parallel()
	r := composed("2026-07", 10)
	for range 500 {
		r.Sections = append(r.Sections, r.Sections[1])
	}
	if _, err := qrcodes.Report(r); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}
