package notice_test

import (
	"strings"
	"testing"

	"mashang/domain/notice"
	"mashang/domain/station"
)

// Every kind of message has examples, whose fields are filled, differ from one
// another and hold nothing of anybody's.
func TestExamplesOfEveryPurpose(t *testing.T) {
	t.Parallel()
	for _, p := range notice.Purposes {
		list := notice.Examples(p, town, noon)
		if len(list) == 0 || p.Chinese() == "" {
			t.Errorf("%s has no example, or no name", p)
		}
		seen := map[string]bool{}
		for _, x := range list {
			all := ""
			for _, f := range notice.Fields[p] {
				if x.Message.Data[f.Meaning] == "" {
					t.Errorf("%s, %s: %s is empty", p, x.When, f.Meaning)
				}
				all += x.Message.Data[f.Meaning] + "\n"
			}
			if seen[all+x.When] || x.When == "" || x.Message.Purpose != p || x.Message.OpenID != "" {
				t.Errorf("%s, %s: %+v", p, x.When, x.Message)
			}
			seen[all+x.When] = true
			if strings.Contains(all, phone) || strings.Contains(all, "李四") || strings.Contains(all, "王五") {
				t.Errorf("%s, %s: %s", p, x.When, all)
			}
		}
	}
	hint := func(p notice.Purpose, i int) string {
		return notice.Examples(p, town, noon)[i].Message.Data[notice.Hint]
	}
	for got, want := range map[string]string{
		hint(notice.MemberUrge, 0): "请尽快受理，与群众联系", hint(notice.MemberUrge, 4): "联络员催办，请尽快办理", hint(notice.MemberUrge, 5): "本专班有诉求超时，请督促办理", hint(notice.LiaisonUrge, 0): "尚未分派，请尽快指派委员",
		hint(notice.VisitorProgress, 1): "延期至7月18日，点此看原因", hint(notice.LiaisonAlarm, 0): "疑涉火灾险情，请马上核实",
		hint(notice.DepartmentAssist, 2): "联络员催办，请尽快答复协办", hint(notice.DepartmentAssist, 3): "协办已撤回，不必再办",
		hint(notice.LiaisonUrge, 2): "同事在内部备注里提到您", hint(notice.VisitorReply, 1): "委员请您补充情况，点此回复",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if d := notice.Examples(notice.MemberNew, town, noon)[0].Message.Data; d[notice.Place] != "水车码头" || d[notice.Due] != "2026-07-18 12:00" {
		t.Errorf("%v", d)
	}
	// A station without anybody has examples as well.
	for _, p := range notice.Purposes {
		for _, x := range notice.Examples(p, &station.Station{ID: "hh", Name: "黄河镇委员工作站"}, noon) {
			if x.Message.Data[notice.Number] == "" || x.Message.Data[notice.Place] == "" {
				t.Errorf("%s: %v", p, x.Message.Data)
			}
		}
	}
}

func TestStandIns(t *testing.T) {
	t.Parallel()
	list := notice.MemberNew.StandIns()
	if len(list) != 2 || list[0] != notice.MemberMessage {
		t.Fatalf("%v", list)
	}
	list[0] = notice.LiaisonAlarm
	if notice.MemberNew.StandIns()[0] != notice.MemberMessage {
		t.Error("the list is shared")
	}
}
