package classify_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mashang/domain/classify"
)

// subjects are what the made-up texts are about: what is said, and where.
var subjects = map[string][]string{
	"market": {"摊位乱收费", "超市卖过期牛奶", "缺斤少两", "退款一直不给", "菜价比昨天贵一倍", "发票不肯开"},
	"school": {"校车座位不够", "老师布置作业太多", "学区划分不清楚", "补课收钱", "食堂饭菜太凉", "孩子转学难"},
	"road":   {"路面坑坑洼洼", "红绿灯不亮", "公交车改线", "桥上护栏坏了", "乱停车堵了路口", "班车总是晚点"},
	"clinic": {"挂号排不上", "药房没有降压药", "疫苗接种点在哪", "医保报销太慢", "卫生院没有值班医生", "体检表丢了"},
}

var (
	places = strings.Fields("上滩村 下滩村 河口村 北街 南门 集镇 三社 渡口")
	asides = strings.Fields("请尽快处理 大家都有意见 反映过两次了 麻烦看一看 什么时候能解决 谢谢领导 很着急 影响很大")
)

// corpus makes n texts of each subject, no two alike.
func corpus(n int) []classify.Example {
	var list []classify.Example
	for _, label := range []string{"clinic", "market", "road", "school"} {
		said := subjects[label]
		for i := range n {
			a, b := said[i%len(said)], said[(i/len(said)+i)%len(said)]
			text := fmt.Sprintf("%s%s，%s，%s。%d", places[i%len(places)], a, b, asides[(i*7+i/3)%len(asides)], i)
			list = append(list, classify.Example{Label: label, Title: a, Text: text})
		}
	}
	return list
}

func trained(tb testing.TB, n int, s classify.Setting) *classify.Model {
	tb.Helper()
	m, err := classify.Train(corpus(n), s)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestLearnsAndSaysHowSureItIs(t *testing.T) {
	t.Parallel()
	m := trained(t, 60, classify.Setting{})
	for text, want := range map[string]string{
		"集上的秤不准，缺斤少两还乱收费": "market", "学校食堂和校车都有问题": "school", "路口的红绿灯坏了，护栏也坏了": "road", "卫生院挂号难，药也没有": "clinic",
	} {
		g := m.Classify("", text)
		if g[0].Label != want || len(g) != 4 {
			t.Errorf("%s: %v", text, g)
		}
	}
	if g := m.Classify("", "？！……"); m.Sure(g[0]) || math.Abs(g[0].P-.25) > .2 {
		t.Errorf("sure of nothing at all: %v", g)
	}
	if g := m.Classify("挂号", "卫生院挂号排不上，药房没有降压药"); !m.Sure(g[0]) {
		t.Errorf("not sure of the plainest text: %v, %+v", g, m.Quality())
	}
	if q := m.Quality(); q.Accuracy < .95 || q.Precision < classify.DefaultTarget || q.Share < .5 {
		t.Errorf("measured %+v", q)
	}
}

// TestTheSameModelToTheByte: training knows no chance, whatever the order in which
// goroutines end.
func TestTheSameModelToTheByte(t *testing.T) {
	t.Parallel()
	file := func() []byte {
		data, err := trained(t, 30, classify.Setting{Words: classify.Words{"road": {"路"}, "school": {"学"}}}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	a, b := file(), file()
	if !bytes.Equal(a, b) {
		t.Error("two trainings on the same texts differ")
	}
	m, err := classify.Decode(a)
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Encode()
	if err != nil || !bytes.Equal(a, again) {
		t.Errorf("what was read is written otherwise: %v", err)
	}
	fresh := trained(t, 30, classify.Setting{Words: classify.Words{"road": {"路"}, "school": {"学"}}})
	for _, e := range corpus(8) {
		x, y := fresh.Classify(e.Title, e.Text), m.Classify(e.Title, e.Text)
		if fmt.Sprint(x) != fmt.Sprint(y) {
			t.Fatalf("before %v, read back %v", x, y)
		}
	}
}

func TestTooFew(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]classify.Example{
		"none": nil, "few": corpus(3), "one class": slicesOf(corpus(60), "road"),
	} {
		if _, err := classify.Train(list, classify.Setting{}); !errors.Is(err, classify.ErrFew) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var many []classify.Example
	for i := range classify.MaxLabels + 1 {
		many = append(many, classify.Example{Label: fmt.Sprint(i), Text: "路"})
	}
	if _, err := classify.Fit(many); !errors.Is(err, classify.ErrMany) {
		t.Errorf("%d classes: %v", classify.MaxLabels+1, err)
	}
}

func slicesOf(list []classify.Example, label string) (out []classify.Example) {
	for _, e := range list {
		if e.Label == label {
			out = append(out, e)
		}
	}
	return out
}

// TestARareClassIsNeverSure, however plain the text.
func TestARareClassIsNeverSure(t *testing.T) {
	t.Parallel()
	list := corpus(60)
	for i := range classify.MinCases - 1 {
		list = append(list, classify.Example{Label: "temple", Text: fmt.Sprintf("寺院门前的香炉倒了%d", i)})
	}
	m, err := classify.Train(list, classify.Setting{Target: .9})
	if err != nil {
		t.Fatal(err)
	}
	g := m.Classify("", "寺院门前的香炉倒了")
	if g[0].Label != "temple" || m.Sure(g[0]) {
		t.Errorf("%v, sure %v", g, m.Sure(g[0]))
	}
	if m.Sure(classify.Guess{Label: "no such", P: 1}) {
		t.Error("sure of a label it does not know")
	}
}

// TestATargetThatCannotBeMet keeps the model still.
func TestATargetThatCannotBeMet(t *testing.T) {
	t.Parallel()
	var list []classify.Example
	for i := range 200 {
		list = append(list, classify.Example{Label: fmt.Sprint(i % 2), Text: fmt.Sprintf("完全一样的话 %c%c", 'a'+i%26, 'a'+i/26)})
	}
	m, err := classify.Train(list, classify.Setting{Target: .99})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if g := m.Classify("", e.Text); m.Sure(g[0]) {
			t.Fatalf("sure of a toss: %v", g)
		}
	}
}

func TestAWorseModelDoesNotReplace(t *testing.T) {
	t.Parallel()
	good := trained(t, 60, classify.Setting{})
	list := corpus(60)
	for i := range list {
		if i%3 == 0 {
			list[i].Label = list[(i*7+61)%len(list)].Label
		}
	}
	bad, err := classify.Train(list, classify.Setting{})
	if err != nil {
		t.Fatal(err)
	}
	if !bad.Worse(good) || good.Worse(bad) || good.Worse(nil) || good.Worse(good) {
		t.Errorf("%.3f against %.3f", bad.Quality().Accuracy, good.Quality().Accuracy)
	}
}

// TestChancesAreChances of any text.
func TestChancesAreChances(t *testing.T) {
	t.Parallel()
	m := trained(t, 40, classify.Setting{Words: classify.Words{"road": {"路"}}})
	rapid.Check(t, func(t *rapid.T) {
		g := m.Classify(rapid.String().Draw(t, "title"), rapid.String().Draw(t, "text"))
		sum := 0.0
		for i, x := range g {
			if x.P < 0 || x.P > 1 || math.IsNaN(x.P) || i > 0 && x.P > g[i-1].P {
				t.Fatalf("%v", g)
			}
			sum += x.P
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Fatalf("the chances sum to %v", sum)
		}
	})
}

// TestHowItIsWritten does not matter: width, case, spaces and numbers.
func TestHowItIsWritten(t *testing.T) {
	t.Parallel()
	m := trained(t, 40, classify.Setting{})
	a := m.Classify("", "WIFI 收费 20 元")
	for _, text := range []string{"wifi 收费：9 元", "ｗｉｆｉ　收费　３５０　元", "WiFi，收费：１ 元！"} {
		if b := m.Classify("", text); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%s: %v, want %v", text, b, a)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	long := "我们小区门口的路灯坏了一个多月了，晚上老人孩子出门很不安全，希望有关部门尽快派人来修一修，谢谢。"
	list := []classify.Example{
		{Title: "路灯坏了", Text: "完全不同的一段话"},
		{Title: "路灯坏了", Text: long},
		{Title: "修灯", Text: strings.Replace(long, "一个多月", "两个多月", 1)},
		{Title: "校车", Text: "校车座位不够，孩子站着上学"},
		{Text: "好"},
		{Text: "坏"},
	}
	g := classify.Groups(list)
	if g[0] != g[1] || g[1] != g[2] || g[3] == g[0] || g[4] == g[5] || len(g) != len(list) {
		t.Errorf("%v", g)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	labels := []string{"market", "road"}
	w := classify.Words{"market": {"收费", "秤"}, "road": {"路", "红绿灯"}}
	g := w.Suggester(labels).Suggest("", "路口的红绿灯坏了，停车还乱收费")
	if len(g) != 2 || g[0].Label != "road" || g[0].P != 4.0/6 {
		t.Errorf("%v", g)
	}
	if g := w.Suggester(labels).Suggest("", "天气很好"); g != nil {
		t.Errorf("%v", g)
	}
	// One word said ten times is no ten reasons.
	if g := w.Suggester(labels).Suggest("", strings.Repeat("路", 10)+"红绿灯收费"); g[0].P != 6.0/8 {
		t.Errorf("%v", g)
	}
	if g := classify.Words(nil).Suggester(labels).Suggest("", "路"); g != nil {
		t.Errorf("%v", g)
	}
	for name, word := range map[string]string{"旅游服务": "门票", "学校教育": "校车", "看病就医": "挂号", "道路交通": "路面", "纠纷调解": "邻居"} {
		if !strings.Contains(strings.Join(classify.ThemeWords(name), " "), word) {
			t.Errorf("%s is not known by %s", name, word)
		}
	}
	if list := classify.ThemeWords("其他"); len(list) != 0 {
		t.Errorf("%v", list)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	m := trained(t, 60, classify.Setting{})
	list := []classify.Example{
		{Label: "road", Text: "红绿灯不亮，路面坑坑洼洼"},
		{Label: "road", Text: "护栏坏了，班车晚点"},
		{Label: "market", Text: "红绿灯不亮，公交车改线"},
		{Label: "unheard of", Text: "药房没有降压药"},
	}
	r := m.Evaluate(list)
	if r.N != 4 || r.Accuracy != .5 || r.Curve[0] != (classify.Point{P: 0, Share: 1, Precision: .5}) {
		t.Errorf("%+v", r)
	}
	for _, l := range r.PerLabel {
		if l.Label == "road" && (l.N != 2 || l.Guessed != 3 || l.Right != 2 || l.F1 != .8) {
			t.Errorf("%+v", l)
		}
	}
	if len(r.PerLabel) != 5 {
		t.Errorf("%d labels", len(r.PerLabel))
	}
}

func FuzzDecode(f *testing.F) {
	data, err := trained(f, 20, classify.Setting{}).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte("mashang-topic-1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := classify.Decode(data)
		if err != nil {
			if !errors.Is(err, classify.ErrFile) {
				t.Error(err)
			}
			return
		}
		for _, g := range m.Classify("题", "任何一段话") {
			if math.IsNaN(g.P) || g.P < 0 || g.P > 1 {
				t.Errorf("%v", g)
			}
		}
	})
}
