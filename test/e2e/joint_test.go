package e2e_test

import (
	"encoding/base64"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// wireAssists is what a submission says of those who assist in it.
type wireAssists struct {
	Version int `json:"version"`
	Assists []struct {
		ID    int    `json:"id"`
		Name  string `json:"name"`
		State string `json:"state"`
	} `json:"assists"`
	Timeline []struct {
		Sentence string `json:"sentence"`
	} `json:"timeline"`
}

// TestJointHandling: a department from the roster is bound, asked, answers and
// is quoted; a backup taken while another is waited for restores in order.
func TestJointHandling(t *testing.T) {
	t.Parallel()
	site := newSite(t, nil)
	s := newStage(t, site)
	site.start()
	site.ready()
	names := smallRoster()
	names["部门"] = [][]string{{"d01", "北塬镇水利站", "0900-0000315"}, {"d02", "北塬镇供电所", ""}}
	invitations := filepath.Join(site.work, "invitations.csv")
	site.mustRun("roster", "import", "--invitations", invitations, names.folder(t))
	codes := readInvitations(t, invitations)
	visitor, member := s.enter(site, "oJointVisitor-00000000000001"), s.enter(site, "oJointMember-000000000000001")
	department, liaison := s.enter(site, "oJointDepartment-00000000001"), s.enter(site, "oJointLiaison-00000000000001")
	for name, p := range map[string]*phone{"黄土坡": member, "北塬镇水利站": department, "梁上燕": liaison} {
		p.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": codes[name]}, nil)
	}
	filed := visitor.filed("joint-key-1", object{
		"scene": site.keyOf(liaison), "kind": "help", "text": "渠道断水三天", "contact": object{"phone": "13800138000"},
	})
	site.secret("the visitor's phone", "13800138000")
	v := filed.Version
	v = member.act(filed.ID, "assist", object{"version": v, "department": "d01", "text": "请查渠道"}).Version
	member.act(filed.ID, "assist", object{"version": v, "department": "d02", "text": "请查水泵"})
	if mine := all[wireSubmission](department, "/assists", 10); len(mine) != 1 || mine[0].ID != filed.ID || mine[0].PhoneMask != "" {
		t.Errorf("the department assists in %+v", mine)
	}
	v = department.act(filed.ID, "contribute", object{"text": "闸门已经修好"}).Version
	member.refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, "/submissions/"+filed.ID+"/reply", object{"version": v, "text": "已来水"})
	member.act(filed.ID, "reply", object{"version": v, "text": "已来水", "include": []int{1}, "without": true})
	var read wireAssists
	visitor.call(http.StatusOK, http.MethodGet, "/submissions/"+filed.ID, nil, &read)
	last := read.Timeline[len(read.Timeline)-1]
	if len(read.Timeline) != 2 || !strings.Contains(last.Sentence, "会同北塬镇水利站") || !strings.Contains(last.Sentence, "北塬镇水利站：闸门已经修好") {
		t.Errorf("the visitor reads %+v", read.Timeline)
	}
	var seen wireAssists
	liaison.call(http.StatusOK, http.MethodGet, "/submissions/"+filed.ID, nil, &seen)
	if len(seen.Assists) != 2 || seen.Assists[0].State != "answered" || seen.Assists[1].State != "asked" {
		t.Errorf("the liaison sees %+v", seen)
	}
	liaison.act(filed.ID, "recall", object{"version": seen.Version, "assist": 1, "reason": "已办妥"})
	department.refusal(http.StatusNotFound, "not_found", http.MethodGet, "/submissions/"+filed.ID, nil)

	file := filepath.Join(site.work, "backup.tar")
	site.mustRun("backup", file)
	site.stop()
	keys := map[string]string{"MASHANG_SEAL_KEYS": "k7:" + base64.StdEncoding.EncodeToString(make([]byte, 32))}
	if got := newSite(t, nil).run(keys, "restore", file); !strings.Contains(got.out, "核对通过") {
		t.Errorf("restore: %v", got)
	}
}
