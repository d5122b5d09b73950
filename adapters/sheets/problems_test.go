package sheets_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"mashang/adapters/sheets"
)

// TestProblems changes one thing of a right roster and wants exactly the
// problem that says so, at its cell.
func TestProblems(t *testing.T) {
	t.Parallel()
	type change struct{ sheet, old, new string }
	for _, c := range []struct {
		name   string
		change change
		want   string
	}{
		{"unknown column", change{"委员", "编号,姓名,界别,村", "编号,姓名,界别,村名称"}, "工作表“委员”第 1 行 D 列：没有名为“村名称”的列，是否应为“村”？本表的列有：编号、姓名、界别、村、职务、专长、议事室、电话、在办上限、召集人、召集议事室"},
		{"missing columns", change{"部门", "编号,名称,电话", "电话"}, ""},
		{"twice a column", change{"部门", "编号,名称,电话", "编号,名称,名称"}, "工作表“部门”第 1 行 C 列：列“名称”出现两次，请删去一列"},
		{"no header", change{"界别", "农业", "农业,备注"}, "工作表“界别”第 3 行 B 列：此列没有表头，请补上表头或清空"},
		{"required", change{"委员", "m02,麦青禾", "m02,"}, "工作表“委员”第 3 行 B（姓名） 列：请填写姓名"},
		{"bad id", change{"议事室", "r01", "r 01"}, ""},
		{"id twice", change{"委员", "m02", "m01"}, ""},
		{"bad phone", change{"委员", "13900000000", "1390000"}, "工作表“委员”第 2 行 H（电话） 列：不是有效的电话：请填 11 位手机号，或带区号的固定电话"},
		{"hotline of a person", change{"联络员", "0900-0000201", "12345"}, "工作表“联络员”第 2 行 C（电话） 列：不是有效的电话：请填 11 位手机号，或带区号的固定电话"},
		{"unknown sector", change{"委员", "麦青禾,农业", "麦青禾,农林"}, "工作表“委员”第 3 行 C（界别） 列：界别“农林”不在界别表中"},
		{"unknown room", change{"委员", "民宿,r01", "民宿,r09"}, "工作表“委员”第 2 行 G（议事室） 列：没有编号为“r09”的议事室"},
		{"capacity", change{"委员", "13900000000,30", "13900000000,三十"}, "工作表“委员”第 2 行 I（在办上限） 列：请填整数"},
		{"large capacity", change{"委员", "13900000000,30", "13900000000,3000"}, "工作表“委员”第 2 行 I（在办上限） 列：在办上限须为 0 至 1000"},
		{"flag", change{"联络员", "0900-0000201,否", "0900-0000201,也许"}, "工作表“联络员”第 2 行 D（管理员） 列：请填“是”或“否”"},
		{"two defaults", change{"类别", "农业,否", "农业,是"}, "工作表“类别”第 3 行 D（游客默认） 列：只能有一个类别作为游客默认类别"},
		{"two stations", change{"站点", "渡口路 1 号\n", "渡口路 1 号\nhedong,x,y,z\n"}, "工作表“站点”第 3 行：站点只填一行"},
		{"station id", change{"站点", "hexi", "h"}, "工作表“站点”第 2 行 A（编号） 列：站点编号须为 2 至 12 位小写字母或数字"},
		{
			"means",
			change{"站点", "地址\nhexi,河西镇委员工作站,0900-0000000,渡口路 1 号", "通知不到时\nhexi,河西镇委员工作站,0900-0000000,飞鸽、联络员"},
			"工作表“站点”第 2 行 D（通知不到时） 列：没有“飞鸽”这个办法，请填“客服会话”“联络员”，多个用顿号分开",
		},
		{"duty member", change{"值班", "m02,r01", "谁,r01"}, "工作表“值班”第 3 行 A（委员） 列：没有编号为“谁”的委员"},
		{"duty day", change{"值班", "周五", "周八"}, ""},
		{"duty both days", change{"值班", "周五,,", "周五,2026-05-01,"}, "工作表“值班”第 2 行 D（星期） 列：星期和日期须填且只填一个"},
		{"duty room and place", change{"值班", "m01,,p01", "m01,r01,p01"}, "工作表“值班”第 2 行 C（场所） 列：议事室和场所只能填一个"},
		{"duty over midnight", change{"值班", "8:30,12:00", "22:00,6:00"}, "工作表“值班”第 2 行 F（开始时间） 列：值班起止时间有误，须先早后晚，不跨零点"},
		{"time as hour", change{"值班", "8:30,12:00", "8:30,12"}, ""},
		{"date", change{"值班", "2026-05-01", "2026-02-30"}, ""},
		{"absence member", change{"外出", "m02", "m03"}, "工作表“外出”第 2 行 A（委员） 列：没有编号或姓名为“m03”的委员"},
		{"absence order", change{"外出", "2026-05-03", "2026-05-01"}, "工作表“外出”第 2 行 C（结束日期） 列：结束日期早于开始日期"},
		{"long", change{"委员", "文创社负责人", strings.Repeat("长", 61)}, "工作表“委员”第 2 行 E（职务） 列：职务太长：最多 60 个字"},
		{"lost character", change{"委员", "文创社负责人", "文\ufffd创"}, "工作表“委员”第 2 行 E（职务） 列：职务含有无法显示的字符，请重新输入"},
		{"blank-looking name", change{"委员", "渡晓舟", "\u3164\u3164"}, "工作表“委员”第 2 行 B（姓名） 列：请填写姓名"},
		{"blank-looking room", change{"议事室", "古渡村协商议事室", "\u2800\u00ad\u200d"}, "工作表“议事室”第 2 行 B（名称） 列：请填写名称"},
		{"quote", change{"界别", "农业", "\"农业"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			texts := roster()
			changed := strings.Replace(texts[c.change.sheet], c.change.old, c.change.new, 1)
			if changed == texts[c.change.sheet] {
				t.Fatal("the test changes nothing")
			}
			texts[c.change.sheet] = changed
			found := problems(t, texts)
			if len(found) == 0 || c.want != "" && len(found) != 1 {
				t.Fatalf("problems: %v", found)
			}
			if c.want != "" && found[0].String() != c.want {
				t.Errorf("got  %s\nwant %s", found[0], c.want)
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["委员"] = "编号,姓名,界别,电话\nM 1,,无,1\n\n,,,\nm01,渡晓舟,文化旅游,\n"
	texts["备忘"] = "随便\n"
	texts["委员们"] = "编号\nx\n"
	delete(texts, "界别")
	var lines []string
	for _, p := range problems(t, texts) {
		lines = append(lines, p.String())
	}
	want := []string{
		"工作表“备忘”：没有名为“备忘”的工作表，请核对名称，或删去它。",
		"工作表“委员们”：没有名为“委员们”的工作表，是否应为“委员”？",
		"工作表“界别”：缺少工作表“界别”或其中没有内容",
		"工作表“场所”第 2 行 D（默认界别） 列：界别“文化旅游”不在界别表中",
		"工作表“委员”第 2 行 A（编号） 列：编号“m 1”不合规：须为小写字母、数字或连字符，以字母或数字开头，最长 24 位",
		"工作表“委员”第 2 行 B（姓名） 列：请填写姓名",
		"工作表“委员”第 2 行 C（界别） 列：界别“无”不在界别表中",
		"工作表“委员”第 2 行 D（电话） 列：不是有效的电话：请填 11 位手机号，或带区号的固定电话",
		"工作表“委员”第 5 行 C（界别） 列：界别“文化旅游”不在界别表中",
		"工作表“类别”第 2 行 C（负责界别） 列：界别“文化旅游”不在界别表中",
		"工作表“类别”第 3 行 C（负责界别） 列：界别“农业”不在界别表中",
		"工作表“值班”第 3 行 A（委员） 列：没有编号为“m02”的委员",
		"工作表“外出”第 2 行 A（委员） 列：没有编号或姓名为“m02”的委员",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

func TestMissingColumns(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["部门"] = "电话\n12315\n"
	want := []sheets.Problem{{Sheet: "部门", Row: 1, Message: "缺少列：编号、名称"}}
	if diff := cmp.Diff(want, problems(t, texts)); diff != "" {
		t.Error(diff)
	}
}

func TestMissingSheets(t *testing.T) {
	t.Parallel()
	want := []sheets.Problem{
		{Sheet: "站点", Message: "缺少工作表“站点”或其中没有内容"},
		{Sheet: "界别", Message: "缺少工作表“界别”或其中没有内容"},
		{Sheet: "委员", Message: "缺少工作表“委员”或其中没有内容"},
	}
	if diff := cmp.Diff(want, problems(t, nil)); diff != "" {
		t.Error(diff)
	}
}

// TestRowsAsShown puts blank lines and line breaks inside cells before the
// wrong row: Excel counts the first and not the second.
func TestRowsAsShown(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["部门"] = "编号,名称,电话\r\n\r\nd01,\"市场\r\n监管局\",12315\r\n\r\nd02,,\r\n"
	want := []sheets.Problem{{Sheet: "部门", Row: 5, Column: "B（名称）", Message: "请填写名称"}}
	if diff := cmp.Diff(want, problems(t, texts)); diff != "" {
		t.Error(diff)
	}
}

func TestPhonesStayOutOfProblems(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["委员"] = strings.Replace(texts["委员"], "13900000000", "139000000001", 1)
	texts["委员"] = strings.Replace(texts["委员"], "m02", "M#02", 1)
	if s := fmt.Sprint(problems(t, texts)); strings.Contains(s, "1390000") {
		t.Errorf("a problem shows a phone: %s", s)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["界别"] = "名称\n" + strings.Repeat("农业\n", sheets.MaxRows+1)
	if p := problems(t, texts)[0]; !strings.Contains(p.Message, "最多 10000 行") {
		t.Errorf("rows: %v", p)
	}
	if n := len(problems(t, texts)); n > 502 {
		t.Errorf("%d problems are no help", n)
	}
	texts = roster()
	texts["界别"] = "名称" + strings.Repeat(",", sheets.MaxColumns) + "x\n农业\n文化旅游\n"
	if p := problems(t, texts)[0]; !strings.Contains(p.Message, "最多 100 列") {
		t.Errorf("columns: %v", p)
	}
	wide := workbook(t, roster(), func(f *excelize.File) {
		if err := f.SetCellStr("界别", "XFD3", "x"); err != nil {
			t.Fatal(err)
		}
	})
	_, found, err := sheets.Read("a.xlsx", wide)
	if err != nil || len(found) == 0 || !strings.Contains(found[0].Message, "最多 100 列") {
		t.Errorf("wide workbook: %v %v", found, err)
	}
}

func TestTolerance(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["委员"] = "\n\n电话（手机）,村 ,姓 名*,编号,界别,属地以外\n"
	texts["委员"] = "\n 联系电话 , 所在村,姓　名*,编号（必填）,界别,特长,负责议事室,上限,职务\n" +
		"１３９ 0000 0000,　古渡村　,渡　晓舟,Ｍ01,文化旅游,旅游服务/民宿,古渡村协商议事室,３０,文创社负责人\n\n" +
		",,麦青禾,m02,农业,,,,\n,,,,,,,,\n"
	texts["值班"] = "结束时间,加班,开始时间,星期,日期,场所,议事室,委员\n12：00,是,８：３０,星期五,,古渡码头,,渡晓舟\n24点,,0时,,2026年5月1日,,R01,麦 青 禾\n"
	texts["外出"] = "委员,起,止\nm02,2026/5/2,2026.05.03\n"
	texts[" 说明 "] = "随便写什么,都行\n"
	if diff := cmp.Diff(want(), read(t, texts)); diff != "" {
		t.Error(diff)
	}
}

func TestSameNames(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["委员"] = strings.Replace(texts["委员"], "麦青禾", "渡晓舟", 1)
	texts["值班"] = strings.Replace(texts["值班"], "m01", "渡晓舟", 1)
	want := []sheets.Problem{{Sheet: "值班", Row: 2, Column: "A（委员）", Message: "有 2 个都叫“渡晓舟”，请改填编号"}}
	if diff := cmp.Diff(want, problems(t, texts)); diff != "" {
		t.Error(diff)
	}
}

func TestWeekdays(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][]int{
		"周一": {1}, "星期日": {7}, "礼拜天": {7}, "3": {3}, "六": {6}, "周一、周三 五": {1, 3, 5},
		"周一至周五": {1, 2, 3, 4, 5}, "六-日": {6, 7}, "每天": {1, 2, 3, 4, 5, 6, 7},
	} {
		texts := roster()
		texts["值班"] = strings.Replace(texts["值班"], "周五", typed, 1)
		var days []int
		for _, d := range read(t, texts).Duty {
			if d.Weekday > 0 {
				days = append(days, d.Weekday)
			}
		}
		if diff := cmp.Diff(want, days); diff != "" {
			t.Errorf("%s: %s", typed, diff)
		}
	}
	for _, typed := range []string{"工作日", "周五至周一", "0", "8", "周", "一三"} {
		texts := roster()
		texts["值班"] = strings.Replace(texts["值班"], "周五", typed, 1)
		if found := problems(t, texts); len(found) == 0 || found[0].Column != "D（星期）" {
			t.Errorf("%s: %v", typed, found)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	good := map[string]int{
		"8:30": 510, "08:30": 510, "8：30": 510, "8:30:00": 510, "8点30分": 510, "8点": 480, "0": 0, "0.35416666666666669": 510,
	}
	for typed, want := range good {
		texts := roster()
		texts["值班"] = strings.Replace(texts["值班"], "8:30", typed, 1)
		if got := read(t, texts).Duty[0].From; got != want {
			t.Errorf("%s: %d, want %d", typed, got, want)
		}
	}
	for _, typed := range []string{"8", "1", "8.30", "0.30", "8:", "8:60", "25:00", "24:01", "8:30:30", "-1", "NaN", "上午", "0.3334"} {
		texts := roster()
		texts["值班"] = strings.Replace(texts["值班"], "8:30", typed, 1)
		if found := problems(t, texts); len(found) == 0 || found[0].Column != "F（开始时间）" {
			t.Errorf("%s: %v", typed, found)
		}
	}
}

func TestPhones(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"13900000000": "13900000000", "139-0000-0000": "13900000000", "+86 139 0000 0000": "13900000000",
		"0931-8123456": "0931-8123456", "（0931）8123456": "0931-8123456", "09318123456": "0931-8123456",
		"010-81234567": "010-81234567", "0931-8123456转12": "0931-8123456-12", "0900-0000000": "0900-0000000",
	} {
		texts := roster()
		texts["委员"] = strings.Replace(texts["委员"], "13900000000", typed, 1)
		if got := read(t, texts).Members[0].Phone; got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
	for _, typed := range []string{"1390000000", "12900000000", "8123456", "12345", "0931-123", "139000000000", "abc"} {
		texts := roster()
		texts["委员"] = strings.Replace(texts["委员"], "13900000000", typed, 1)
		if found := problems(t, texts); len(found) != 1 || found[0].Column != "H（电话）" {
			t.Errorf("%s: %v", typed, found)
		}
	}
	for _, typed := range []string{"110", "12345", "95598", "400-000-0000"} {
		texts := roster()
		texts["部门"] = strings.Replace(texts["部门"], "12315", typed, 1)
		if got := read(t, texts).Departments[0].Phone; got != typed {
			t.Errorf("%s: %s", typed, got)
		}
	}
}

func TestEveryColumnIsNamedWhenMisspelt(t *testing.T) {
	t.Parallel()
	for _, sheet := range slices.Sorted(maps.Keys(roster())) {
		texts := roster()
		header, rest, _ := strings.Cut(texts[sheet], "\n")
		for i, name := range strings.Split(header, ",") {
			names := strings.Split(header, ",")
			names[i] = name + "乙"
			texts[sheet] = strings.Join(names, ",") + "\n" + rest
			found := problems(t, texts)
			if len(found) == 0 || !slices.ContainsFunc(found, func(p sheets.Problem) bool {
				return p.Sheet == sheet && p.Row == 1 && strings.Contains(p.Message, "是否应为“"+name+"”")
			}) {
				t.Errorf("%s %s: %v", sheet, name, found)
			}
		}
	}
}
