package station_test

import (
	"testing"

	"mashang/domain/access"
	"mashang/domain/station"
)

func TestHolder(t *testing.T) {
	t.Parallel()
	st := &station.Station{
		Members:     []station.Member{{ID: "m1", Name: "王委员"}, {ID: "m2", Name: "李委员", Left: true}},
		Liaisons:    []station.Liaison{{ID: "x1", Name: "周联络"}, {ID: "x2", Name: "吴管理", Admin: true}},
		Departments: []station.Department{{ID: "m1", Name: "水务局"}},
	}
	for _, c := range []struct {
		role access.Role
		id   string
		want station.Holder
		ok   bool
	}{
		{access.Member, "m1", station.Holder{Name: "王委员"}, true},
		{access.Member, "m2", station.Holder{Name: "李委员", Left: true}, true},
		{access.Member, "x1", station.Holder{}, false},
		{access.Liaison, "x1", station.Holder{Name: "周联络"}, true},
		{access.Liaison, "x2", station.Holder{Name: "吴管理", Admin: true}, true},
		{access.Admin, "x2", station.Holder{Name: "吴管理", Admin: true}, true},
		{access.Department, "m1", station.Holder{Name: "水务局"}, true},
		{access.Visitor, "m1", station.Holder{}, false},
		{access.System, "", station.Holder{}, false},
		{"", "m1", station.Holder{}, false},
	} {
		if got, ok := st.Holder(c.role, c.id); got != c.want || ok != c.ok {
			t.Errorf("%s %s: %+v %v, want %+v %v", c.role, c.id, got, ok, c.want, c.ok)
		}
	}
}
