package e2e_test

import (
	"encoding/csv"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// roster is what a liaison officer types: rows by sheet, without the headers.
type roster map[string][][]string

// smallRoster is a made-up station of two members.
func smallRoster() roster {
	return roster{
		"站点": {{"beiyuan", "北塬镇委员工作站（测试）", "0900-0000310", "北塬镇一号"}},
		"界别": {{"教育"}, {"农业"}},
		"场所": {{"p01", "北塬停车场", "北塬村", "农业"}},
		"委员": {
			{"m01", "白杨树", "教育", "北塬村", "小学教师", "上学", "", "13700000001", "20"},
			{"m02", "黄土坡", "农业", "北塬村", "种粮大户", "灌溉", "", "0900-0000312", ""},
		},
		"联络员": {{"l01", "梁上燕", "0900-0000313", "否"}, {"a01", "管事人", "", "是"}},
		"值班":  {{"m02", "", "p01", "每天", "", "0:00", "24:00"}},
	}
}

// headers are the columns a roster's rows stand in, as the template has them.
var headers = map[string][]string{
	"站点":  {"编号", "名称", "电话", "地址", "通知不到时", "换班自动通过"},
	"界别":  {"名称"},
	"场所":  {"编号", "名称", "村", "默认界别", "坐标"},
	"委员":  {"编号", "姓名", "界别", "村", "职务", "专长", "议事室", "电话", "在办上限", "召集人", "召集议事室"},
	"联络员": {"编号", "姓名", "电话", "管理员"},
	"部门":  {"编号", "名称", "电话"},
	"值班":  {"委员", "议事室", "场所", "星期", "日期", "开始时间", "结束时间", "高峰加班"},
}

// folder writes the roster as csv files and returns their folder.
func (r roster) folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for sheet, rows := range r {
		f, err := os.Create(filepath.Join(dir, sheet+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		w := csv.NewWriter(f)
		if err := errors.Join(w.Write(headers[sheet]), w.WriteAll(rows), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestRosterTemplate fills the downloaded template in and imports it.
func TestRosterTemplate(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	file := filepath.Join(s.work, "名册.xlsx")
	s.mustRun("roster", "template", file)
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := smallRoster()
	for sheet, rows := range r {
		head, err := book.GetRows(sheet)
		if err != nil || len(head) == 0 || !slices.Equal(head[0], headers[sheet]) {
			t.Fatalf("sheet %s begins with %v: %v", sheet, head, err)
		}
		for i, row := range rows {
			for j, value := range row {
				cell, err := excelize.CoordinatesToCellName(j+1, i+2)
				if err != nil {
					t.Fatal(err)
				}
				if err := book.SetCellStr(sheet, cell, value); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := errors.Join(book.Save(), book.Close()); err != nil {
		t.Fatal(err)
	}
	if out := s.mustRun("roster", "import", "--dry-run", file).out; !strings.Contains(out, "试运行") || !strings.Contains(out, "白杨树") {
		t.Errorf("dry run: %s", out)
	}
	if r := s.run(nil, "codes", "print", "--plain", filepath.Join(s.work, "none.pdf")); r.code != 1 {
		t.Errorf("a dry run left something to print: %v", r)
	}
	if out := s.mustRun("roster", "import", file).out; !strings.Contains(out, "新增 4 个码") {
		t.Errorf("import: %s", out)
	}
	if out := s.mustRun("roster", "import", file).out; !strings.Contains(out, "0 处变化") || strings.Contains(out, "新增") {
		t.Errorf("the same again: %s", out)
	}
	if pid := s.redisPID(); pid != 0 {
		t.Errorf("the commands left redis-server %d", pid)
	}
}

// TestRosterImportWhileServing imports beside the running server, binds people
// by their invitations, and works with what the server then knows.
func TestRosterImportWhileServing(t *testing.T) {
	t.Parallel()
	s := serving(t, nil)
	r := smallRoster()
	s.secret("a phone number", "13700000001")

	bad := smallRoster()
	bad["委员"][1][2] = "渔业"
	bad["委员"][0][7] = "12"
	bad["值班"][0][5] = "25:00"
	got := s.run(nil, "roster", "import", bad.folder(t))
	if got.code != 1 {
		t.Errorf("a roster with mistakes: %v", got)
	}
	for _, where := range []string{"工作表“委员”第 3 行 C", "工作表“委员”第 2 行 H", "工作表“值班”第 2 行 F"} {
		if !strings.Contains(got.out, where) {
			t.Errorf("does not name %s:\n%s", where, got.out)
		}
	}
	if got := s.run(nil, "codes", "print", "--plain", "--station", "beiyuan", filepath.Join(s.work, "none.pdf")); got.code != 1 {
		t.Errorf("something of it was taken: %v", got)
	}

	invitations := filepath.Join(s.work, "invitations.csv")
	out := s.mustRun("roster", "import", "--invitations", invitations, r.folder(t)).out
	if !strings.Contains(out, "已导入") || !strings.Contains(out, "4 个邀请码") {
		t.Errorf("import: %s", out)
	}
	if info, err := os.Stat(invitations); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the invitations are open to others: %v %v", info, err)
	}
	codes := readInvitations(t, invitations)
	if names := slices.Sorted(maps.Keys(codes)); !slices.Equal(names, []string{"梁上燕", "白杨树", "管事人", "黄土坡"}) {
		t.Errorf("invitations for %v", names)
	}
	member, liaison := s.user("new-member-roster"), s.user("new-liaison-roster")
	bind(t, member, codes["黄土坡"], "member")
	bind(t, liaison, codes["梁上燕"], "liaison")
	s.user("latecomer-roster").refusal(http.StatusUnprocessableEntity, "invalid", http.MethodPost, "/bindings", object{"invitation": codes["黄土坡"]})

	place := s.keyOf(liaison)
	visitor := s.user("visitor-roster")
	sub := visitor.filed("roster-key-1", object{"scene": place, "kind": "complaint", "text": "停车场坑洼不平"})
	if sub.Station != "beiyuan" || sub.assignee() != "m02" {
		t.Fatalf("filed: %+v", sub)
	}
	if inbox := all[wireSubmission](member, "/inbox", 10); len(inbox) != 1 || inbox[0].ID != sub.ID {
		t.Errorf("the new member's inbox: %+v", inbox)
	}

	// An update of a name is seen by the running server, and nobody is doubled.
	r["委员"][1][1] = "黄土岗"
	out = s.mustRun("roster", "import", r.folder(t)).out
	if !strings.Contains(out, "1 处变化") || !strings.Contains(out, "修改 姓名") {
		t.Errorf("update: %s", out)
	}
	eventually(t, "the server to see the update", func() error {
		if got := visitor.read(sub.ID); got.Assignee == nil || got.Assignee.Name != "黄土岗" {
			return errNotYet
		}
		return nil
	})
	if n := len(all[wireKept](liaison, "/codes", 2)); n != 4 {
		t.Errorf("%d codes after the second import, want 4", n)
	}
	// Somebody who leaves the list gets nothing new.
	r["委员"] = r["委员"][:1]
	delete(r, "值班")
	s.mustRun("roster", "import", r.folder(t))
	eventually(t, "the server to see who left", func() error {
		var c wireCode
		a, err := ask(t.Context(), http.MethodGet, s.Base+"/api/v1/codes/"+place, "", nil, nil)
		if err != nil || a.into(&c) != nil || len(c.OnDuty) != 0 {
			return errNotYet
		}
		return nil
	})
	// What a liaison makes on the phone works like an imported invitation.
	admin := s.user("new-admin-roster")
	bind(t, admin, codes["管事人"], "admin")
	admin.refusal(http.StatusForbidden, "denied", http.MethodGet, "/station/submissions", nil)
	var invitation struct {
		Invitation string `json:"invitation"`
	}
	liaison.call(http.StatusCreated, http.MethodPost, "/members/m01/invitations", nil, &invitation)
	bind(t, s.user("teacher-roster"), invitation.Invitation, "member")
}

type wireKept struct {
	Key    string `json:"key"`
	Target struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	} `json:"target"`
}

// keyOf is the key of the code that hangs at the car park, p01.
func (s *site) keyOf(liaison *phone) string {
	s.t.Helper()
	for _, c := range all[wireKept](liaison, "/codes", 100) {
		if c.Target.ID == "p01" {
			return c.Key
		}
	}
	s.t.Fatal("no code points at the car park")
	return ""
}

// readInvitations returns the codes by name.
func readInvitations(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("invitations: %v %v", rows, err)
	}
	name, code := slices.Index(rows[0], "姓名"), slices.Index(rows[0], "邀请码")
	codes := map[string]string{}
	for _, row := range rows[1:] {
		codes[row[name]] = row[code]
	}
	return codes
}

func bind(t *testing.T, p *phone, invitation, role string) {
	t.Helper()
	p.site.secret("an invitation", invitation)
	p.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": invitation}, nil)
	if p.login(""); p.User.Role != role {
		t.Errorf("bound as %q, want %q", p.User.Role, role)
	}
}
