package routing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/casework"
	"mashang/domain/routing"
	"mashang/domain/station"
)

func TestAccused(t *testing.T) {
	t.Parallel()
	st := &station.Station{Members: []station.Member{
		{ID: "a", Name: "张三"}, {ID: "b", Name: "李　四"}, {ID: "c", Name: "欧阳明"}, {ID: "d", Name: "张三"}, {ID: "e"},
	}}
	for name, tc := range map[string]struct {
		target  station.Target
		about   bool
		against string // "-" is none at all
		want    []string
	}{
		"nothing":                        {atStation, false, "-", nil},
		"a code alone":                   {at("a"), false, "-", nil},
		"about, by code":                 {at("c"), true, "-", []string{"c"}},
		"about, by code, no name":        {at("c"), true, "", []string{"c"}},
		"about, by code, a pronoun":      {at("c"), true, "他本人", []string{"c"}},
		"about, by code, a business":     {at("c"), true, "红旗农家乐", []string{"c"}},
		"about, by code, another's name": {at("c"), true, "李四", []string{"b"}},
		"by name; both of that name":     {atRoom, false, "张三", []string{"a", "d"}},
		"by name with title":             {atRoom, false, "欧阳明委员", []string{"c"}},
		"by name with spaces":            {atRoom, false, " 李 四 委员", []string{"b"}},
		"a business with a name in it":   {atRoom, false, "张三羊肉馆", nil},
		"about: a name in words":         {atRoom, true, "河口村的欧阳明委员", []string{"c"}},
		"about: two names":               {atRoom, true, "李四和欧阳明", []string{"b", "c"}},
		"about: nobody known":            {atRoom, true, "那个姓王的委员", nil},
		"about: only the title":          {atRoom, true, "委员", nil},
		"about a place's code":           {atJetty, true, "", nil},
	} {
		var against *casework.Against
		if tc.against != "-" {
			against = &casework.Against{Name: tc.against}
		}
		if diff := cmp.Diff(tc.want, routing.Accused(st, tc.target, tc.about, against)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		s := casework.Submission{Target: tc.target, AboutMember: tc.about, Against: against}
		for _, id := range tc.want {
			if !routing.Concerns(st, s, id) {
				t.Errorf("%s: does not concern %s", name, id)
			}
		}
		if routing.Concerns(st, s, "e") {
			t.Errorf("%s: concerns a member without a name", name)
		}
	}
}

// TestAMatterAboutNobodyKnownIsForTheLiaison: it must not reach the member it is about, who may be any of them.
func TestAMatterAboutNobodyKnownIsForTheLiaison(t *testing.T) {
	t.Parallel()
	change := func(name string) func(*routing.Input) {
		return func(in *routing.Input) {
			in.Filing.AboutMember, in.Filing.Category = true, "health"
			in.Filing.Against = &casework.Against{Name: name}
			onDuty(in, station.DutySlot{Member: "keeper", Room: "r1"})
		}
	}
	if d := routing.Decide(ask(atRoom, change("姓李的那位"))); len(d.Candidates)+len(d.Passed) != 0 {
		t.Errorf("%+v", d)
	}
	if diff := cmp.Diff([]string{"keeper"}, picks(routing.Decide(ask(atRoom, change("李四"))))); diff != "" {
		t.Errorf("named: %s", diff)
	}
}

func TestThoseAMatterIsAboutAreNoCandidatesAnywhere(t *testing.T) {
	t.Parallel()
	for _, target := range []station.Target{atStation, atRoom, atJetty, at("doctor"), at("tour")} {
		for _, about := range []bool{true, false} {
			in := ask(target, func(in *routing.Input) {
				in.Filing.Category, in.Filing.AboutMember = "health", about
				in.Filing.Against = &casework.Against{Name: "李四委员"}
				onDuty(in, station.DutySlot{Member: "doctor"})
			})
			for _, id := range picks(routing.Decide(in)) {
				if id == "doctor" {
					t.Errorf("%+v, about %v: handled by whom it is against", target, about)
				}
			}
		}
	}
}
