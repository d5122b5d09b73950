package figures

import (
	"fmt"
	"strings"
	"time"

	"mashang/domain/station"
)

// Period is a month or a year.
type Period struct {
	// Text is the form of requests, "2026-05" or "2026"; Name is for people.
	Text, Name string
	From, To   time.Time
	// Step is the step for its series.
	Step Step
}

// ParsePeriod parses "2026-05" or "2026" of this century; ok is false for others.
func ParsePeriod(text string) (p Period, ok bool) {
	p.Text = text
	if from, err := time.ParseInLocation("2006-01", text, station.Zone); err == nil {
		p.From, p.To, p.Name, p.Step = from, from.AddDate(0, 1, 0), from.Format("2006年1月"), Day
	} else if from, err := time.ParseInLocation("2006", text, station.Zone); err == nil {
		p.From, p.To, p.Name, p.Step = from, from.AddDate(1, 0, 0), from.Format("2006年"), Month
	}
	return p, p.From.Year() >= 2000 && p.From.Year() < 2100
}

// Report is a station's period as tables and charts, in the order in which they are shown. It contains nothing
// about a single submission or visitor.
type Report struct {
	Title, Station, Period string
	From, To, Made         time.Time
	Sections               []Section
}

// Section is a heading with sentences, a table and charts. Without rows there is no table, without values no
// chart.
type Section struct {
	// Sheet is a short unique name of at most 20 characters.
	Sheet, Heading string
	Notes          []string
	Heads          []string
	Rows           [][]Value
	Charts         []Chart
}

// Value is one cell: a text, a number or a share.
type Value struct {
	Text   string
	Number float64
	Kind   ValueKind
}

// ValueKind is the kind of a cell's value.
type ValueKind int

// The kinds. A None is empty.
const (
	Text ValueKind = iota
	Number
	Share
	None
)

// String returns the value as it is printed.
func (v Value) String() string {
	switch v.Kind {
	case Number:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v.Number), ".0")
	case Share:
		return fmt.Sprintf("%.1f%%", v.Number*100)
	case None:
		return "–"
	default:
		return v.Text
	}
}

// Chart shows columns of its section's table; the first column has the labels. Columns are bars, or lines for a
// series.
type Chart struct {
	Title   string
	Columns []int
	Lines   bool
	// MaxRows is how many rows it shows at most, 0 for all.
	MaxRows int
}

// maxBars is how many bars a reader can distinguish.
const maxBars = 15

// Compose makes the report of what was filed in a period, compared with the facts of the span before.
func Compose(st *station.Station, p Period, facts, before []Fact, made time.Time) Report {
	r := Report{
		Title: st.Name + p.Name + "诉求办理报告", Station: st.Name, Period: p.Name, From: p.From, To: p.To, Made: made,
	}
	var now, then Tally
	for _, f := range facts {
		now.Add(f)
	}
	for _, f := range before {
		then.Add(f)
	}
	r.Sections = append(r.Sections, overview(p, now, then, made), seriesSection(p, facts, made))
	for _, x := range []struct {
		by            By
		sheet, header string
	}{
		{ByKind, "类型", "类型"},
		{ByCategory, "类别", "类别"},
		{ByVisitor, "来者", "来者"},
		{ByChannel, "渠道", "渠道"},
		{ByTarget, "扫码处", "扫码处"},
		{BySector, "界别", "界别"},
		{ByVillage, "村", "村"},
		{ByMember, "委员", "委员"},
	} {
		r.Sections = append(r.Sections, breakdown(x.sheet, x.header, x.by.Rows(st, facts)))
	}
	r.Sections = append(r.Sections, crossSection(Cross(st, facts, BySector, ByVillage)), leftOut(now), definitions())
	return r
}

func words(s string) Value   { return Value{Text: s} }
func number(n float64) Value { return Value{Number: n, Kind: Number} }
func share(r Rate) Value {
	if r.Of == 0 {
		return Value{Kind: None}
	}
	return Value{Number: r.Share(), Kind: Share}
}

func medianValue(m Median, unit float64) Value {
	if m.Of == 0 {
		return Value{Kind: None}
	}
	return number(float64(m.Minutes) / unit)
}

// overview compares each figure with the span before and its target.
func overview(p Period, now, then Tally, made time.Time) Section {
	s := Section{
		Sheet: "总体", Heading: "一、总体情况",
		Heads: []string{"数据", "本期", "分子", "分母", "上期", "目标"},
	}
	sentence := fmt.Sprintf("%s共提交诉求 %d 件", p.Name, now.Filed)
	if then.Filed > 0 {
		sentence += fmt.Sprintf("，上期同长时间 %d 件", then.Filed)
	}
	if now.Filed == 0 {
		sentence = p.Name + "没有人提交诉求"
	}
	s.Notes = append(s.Notes, sentence+"。状态以"+made.In(station.Zone).Format("2006年1月2日 15:04")+"为准。")
	if now.Filed > 0 && now.Filed < 30 {
		s.Notes = append(s.Notes, "件数较少，比率仅供参考，不宜作比较。")
	}
	if p.To.After(made) {
		s.Notes = append(s.Notes, "本期尚未结束。")
	}
	s.Rows = append(s.Rows, []Value{words("提交件数"), number(float64(now.Filed)), {Kind: None}, {Kind: None}, number(float64(then.Filed)), {Kind: None}})
	s.Rows = append(s.Rows, []Value{words("反映人次"), number(float64(now.Persons)), {Kind: None}, {Kind: None}, number(float64(then.Persons)), {Kind: None}})
	for _, r := range rules {
		aim := Value{Kind: None}
		for _, a := range Benchmarks {
			if a.Name == string(r.Name) {
				aim = Value{Number: a.Share, Kind: Share}
			}
		}
		x := *r.rate(&now)
		s.Rows = append(s.Rows, []Value{
			words(r.Title + "率"), share(x), number(float64(x.Yes)), number(float64(x.Of)), share(*r.rate(&then)), aim,
		})
	}
	for _, x := range []struct {
		name   string
		figure Figure
		part   Part
	}{
		{"办结时已解决（件）", SolvedAtOnce, PartYes},
		{"达成共识（件）", "fulfilled", PartOf},
		{"其中已落实（件）", "fulfilled", PartYes},
		{"其中待落实（件）", "fulfilled", PartNo},
	} {
		s.Rows = append(s.Rows, []Value{
			words(x.name), number(float64(x.figure.Value(&now, x.part))),
			{Kind: None},
			{Kind: None},
			number(float64(x.figure.Value(&then, x.part))),
			{Kind: None},
		})
	}
	for _, m := range []struct {
		name      string
		now, then Median
		unit      float64
	}{
		{"首次联系用时（中位，分钟）", now.FirstMedian(), then.FirstMedian(), 1},
		{"答复用时（中位，小时）", now.AnswerMedian(), then.AnswerMedian(), 60},
		{"落实用时（自办结起，中位，天）", now.FulfilMedian(), then.FulfilMedian(), 24 * 60},
	} {
		s.Rows = append(s.Rows, []Value{
			words(m.name), medianValue(m.now, m.unit), {Kind: None}, number(float64(m.now.Of)), medianValue(m.then, m.unit), {Kind: None},
		})
	}
	return s
}

// seriesSection is the period step by step; a running period ends with the step in which the report is made.
func seriesSection(p Period, facts []Fact, made time.Time) Section {
	s := Section{Sheet: "走势", Heading: "二、走势", Heads: []string{"日期", "提交", "办结", "答复按时率", "解决率", "满意率"}}
	layout := "1月2日"
	if p.Step == Month {
		layout, s.Heads[0] = "1月", "月份"
	}
	if len(facts) == 0 {
		s.Notes = []string{"本期没有诉求。"}
		return s
	}
	to := p.To
	if end := p.Step.end(made); end.Before(to) {
		to = end
	}
	for _, x := range Series(facts, p.From, to, p.Step) {
		s.Rows = append(s.Rows, []Value{
			words(x.From.Format(layout)), number(float64(x.Filed)), number(float64(x.Rated.Of)), share(x.Answer), share(x.Solved), share(x.Satisfied),
		})
	}
	s.Charts = []Chart{{Title: "提交与办结件数", Columns: []int{1, 2}, Lines: true}}
	return s
}

var breakdownHeads = []string{"件数", "人次", "首次联系按时率", "答复按时率", "解决率", "待落实", "已落实", "评价率", "认可解决率", "满意率", "重新办理率", "答复用时（中位，小时）"}

var numerals = map[string]string{"类型": "三", "类别": "四", "来者": "五", "渠道": "六", "扫码处": "七", "界别": "八", "村": "九", "委员": "十"}

func breakdown(sheet, header string, rows []Row) Section {
	s := Section{Sheet: sheet, Heading: numerals[sheet] + "、按" + header, Heads: append([]string{header}, breakdownHeads...)}
	if len(rows) == 0 {
		s.Notes = []string{"本期没有诉求。"}
		return s
	}
	for _, r := range rows {
		s.Rows = append(s.Rows, []Value{
			words(r.Name), number(float64(r.Filed)), number(float64(r.Persons)), share(r.First), share(r.Answer), share(r.Solved),
			number(float64(r.Fulfilled.Of - r.Fulfilled.Yes)), number(float64(r.Fulfilled.Yes)), share(r.Rated), share(r.Confirmed), share(r.Satisfied),
			share(r.Reopened), medianValue(r.AnswerMedian(), 60),
		})
	}
	if len(rows) > 1 {
		s.Charts = []Chart{{Title: "按" + header + "的件数", Columns: []int{1}, MaxRows: maxBars}}
	}
	return s
}

// crossSection is the grid of sectors and villages.
func crossSection(g Grid) Section {
	s := Section{Sheet: "界别与村", Heading: "十一、界别与村", Heads: []string{"界别"}}
	if len(g.Cells) == 0 {
		s.Notes = []string{"本期没有诉求。"}
		return s
	}
	s.Notes = []string{"各界别委员办理的、各村扫码提交的件数。"}
	at := map[[2]string]int{}
	for _, c := range g.Cells {
		at[[2]string{c.Row, c.Col}] = c.Filed
	}
	for _, c := range g.Cols {
		s.Heads = append(s.Heads, c.Name)
	}
	s.Heads = append(s.Heads, "合计")
	for _, r := range g.Rows {
		row := []Value{words(r.Name)}
		for _, c := range g.Cols {
			row = append(row, number(float64(at[[2]string{r.Key, c.Key}])))
		}
		s.Rows = append(s.Rows, append(row, number(float64(r.Filed))))
	}
	return s
}

func leftOut(t Tally) Section {
	s := Section{Sheet: "不计入", Heading: "十二、不计入解决率的", Heads: []string{"原因", "件数"}}
	for _, x := range Exclusions {
		s.Rows = append(s.Rows, []Value{words(x.Reason), number(float64(t.Out[x.Exclusion]))})
	}
	return s
}

// definitions explains how each figure is counted.
func definitions() Section {
	s := Section{
		Sheet: "口径", Heading: "十三、数据口径", Heads: []string{"数据", "分子", "分母"},
		Notes: []string{
			fmt.Sprintf("口径第 %d 版。统计的是本期内提交的诉求；随另一件办理的只由那一件计算。没有评价的不在满意率的分母里。", RuleVersion),
			"“–”表示没有可以计算的；上期为上一个月或上一年的同样长的时间。",
		},
	}
	for _, d := range Definitions() {
		s.Rows = append(s.Rows, []Value{words(d.Title + "率"), words(withoutFieldNames(d.Yes)), words(withoutFieldNames(d.Of))})
	}
	for _, a := range Benchmarks {
		s.Notes = append(s.Notes, fmt.Sprintf("目标 %.0f%%：%s。", a.Share*100, a.Source))
	}
	return s
}

// withoutFieldNames replaces names of fields in a definition.
func withoutFieldNames(s string) string {
	return strings.NewReplacer("`due_at`", "答复期限", "下面六类", "“不计入”的六类").Replace(s)
}
