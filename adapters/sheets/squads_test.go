package sheets_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/adapters/sheets"
	"mashang/domain/station"
)

// withSquads is roster with squads and substitutes, by names and ids.
func withSquads() map[string]string {
	texts := roster()
	texts["专班"] = "编号,名称,组长,成员,负责界别,负责类别\ns01,用水专班,麦青禾,m01、m02,,饮水灌溉\ns02,旅游专班,渡晓舟,,文化旅游,\n"
	texts["外出"] = "委员,开始日期,结束日期,代办委员\nm02,2026-05-02,2026-05-03,渡晓舟\nm01,2026-05-09,,\n"
	return texts
}

func TestSquadsAndSubstitutes(t *testing.T) {
	t.Parallel()
	st := read(t, withSquads())
	wanted := want()
	wanted.Squads = []station.Squad{
		{ID: "s01", Name: "用水专班", Leader: "m02", Members: []string{"m01", "m02"}, Categories: []string{"water"}},
		{ID: "s02", Name: "旅游专班", Leader: "m01", Sectors: []string{"文化旅游"}},
	}
	wanted.Members[1].Absences[0].Substitute = "m01"
	wanted.Members[0].Absences = []station.Absence{{From: "2026-05-09", To: "2026-05-09"}}
	if diff := cmp.Diff(wanted, st); diff != "" {
		t.Error(diff)
	}
	data, err := sheets.Write(st)
	if err != nil {
		t.Fatal(err)
	}
	again, problems, err := sheets.Read("名册.xlsx", data)
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if diff := cmp.Diff(st, again); diff != "" {
		t.Errorf("written and read again: %s", diff)
	}
}

func TestWhatIsWrongWithSquadsAndSubstitutes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ sheet, text, want string }{
		"a leader nobody knows":   {"专班", "编号,名称,组长\ns01,用水专班,无名氏\n", "无名氏"},
		"nobody in it":            {"专班", "编号,名称,组长\ns01,用水专班,\n", "请填写组长"},
		"members and no leader":   {"专班", "编号,名称,组长,成员\ns01,用水专班,,m01、m02\n", "请填写组长"},
		"no such column":          {"专班", "编号,名称,成员\ns01,用水专班,m01\n", "缺少列：组长"},
		"a category nobody knows": {"专班", "编号,名称,组长,负责类别\ns01,用水专班,m01,路灯\n", "路灯"},
		"twice":                   {"专班", "编号,名称,组长\ns01,甲,m01\ns01,乙,m01\n", "重复"},
		"oneself":                 {"外出", "委员,开始日期,代办委员\nm02,2026-05-02,m02\n", "本人"},
		"a substitute nobody knows": {
			"外出", "委员,开始日期,代办委员\nm02,2026-05-02,m09\n", "m09",
		},
		"a loop": {"外出", "委员,开始日期,结束日期,代办委员\nm02,2026-05-02,2026-05-04,m01\nm01,2026-05-04,,m02\n", "绕成了圈"},
	} {
		texts := withSquads()
		texts[tc.sheet] = tc.text
		list := problems(t, texts)
		if len(list) != 1 || !strings.Contains(list[0].Message, tc.want) {
			t.Errorf("%s: %v", name, list)
		}
	}
}
