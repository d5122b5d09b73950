package station_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/calendar"
	"mashang/domain/fault"
	"mashang/domain/station"
)

func TestOwnDays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 15, 12, 0, 0, 0, station.Zone)
	st := &station.Station{}
	add := func(d station.OwnDay) {
		t.Helper()
		list, err := st.WithDay(d, now)
		if err != nil {
			t.Fatal(err)
		}
		st.OwnDays = list
	}
	dates := func() (list []string) {
		for _, d := range st.OwnDays {
			list = append(list, d.Date+map[bool]string{true: "+"}[d.Work])
		}
		return list
	}
	public := calendar.New(station.Zone)
	if st.Calendar(public) != public {
		t.Error("a station without days of its own has another calendar")
	}
	st.OwnDays = []station.OwnDay{{Date: "2024-01-05", Name: "早已过去"}}
	add(station.OwnDay{Date: "2026-08-03", Name: "赶集", By: "l1"})
	add(station.OwnDay{Date: "2026-07-25", Work: true, Name: "值守", By: "l1"})
	add(station.OwnDay{Date: "2026-08-03", Work: true, Name: "照常", By: "l1"})
	if got := dates(); !slices.Equal(got, []string{"2026-07-25+", "2026-08-03+"}) {
		t.Errorf("%v", got)
	}
	if d, ok := st.OwnDay("2026-07-25"); !ok || d.Name != "值守" {
		t.Errorf("%+v", d)
	}
	if _, ok := st.OwnDay("2026-07-26"); ok {
		t.Error("a day nobody settled")
	}
	if !st.Calendar(public).Working(time.Date(2026, 7, 25, 9, 0, 0, 0, station.Zone)) {
		t.Error("the Saturday is not worked")
	}
	if got := st.WithoutDay("2026-07-25", now); len(got) != 1 || len(st.OwnDays) != 2 {
		t.Errorf("%v of %v", got, st.OwnDays)
	}
	for field, d := range map[string]station.OwnDay{
		"name": {Date: "2026-09-01"}, "reason": {Date: "2026-09-01", Name: "x", Reason: strings.Repeat("长", 101)},
	} {
		_, err := st.WithDay(d, now)
		e, ok := errors.AsType[*fault.Error](err)
		if !ok || e.Code != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for i := range station.MaxOwnDays {
		st.OwnDays = append(st.OwnDays, station.OwnDay{Date: fmt.Sprintf("2027-%02d-%02d", 1+i/28, 1+i%28), Name: "x"})
	}
	if _, err := st.WithDay(station.OwnDay{Date: "2027-12-31", Name: "x"}, now); !fault.Is(err, fault.Invalid) {
		t.Errorf("more than can be: %v", err)
	}
	if m := station.Merge(st, dutyStation()); len(m.OwnDays) != len(st.OwnDays) {
		t.Error("an import took the own days away")
	}
}
