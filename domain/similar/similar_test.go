package similar_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/similar"
)

var now = time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)

func doc(id, text, village string) similar.Doc {
	return similar.Doc{ID: id, Text: text, Spot: similar.Spot{Village: village}, At: now}
}

// matters are six, each said in two ways, and others around them.
var matters = [][2]string{
	{"北街路灯坏了半个月，晚上看不见路", "北街的路灯不亮，晚上走路看不见"},
	{"东岸停车场乱收费，每车多收二十元", "在东岸停车场停车，被多收了二十元停车费"},
	{"搅拌站夜里施工，噪音大，粉尘也大", "搅拌站夜里噪音大，粉尘大，睡不着觉"},
	{"校车座位不够，孩子站着上学", "校车座位不够，孩子一路站着"},
	{"卫生院没有降压药，要跑县城去买", "降压药卫生院没有，只能去县城买"},
	{"水渠渗漏，下游十几亩地浇不上水", "水渠漏水，我家下游的地浇不上"},
}

func filled() *similar.Index {
	x := similar.New()
	for i, m := range matters {
		x.Add(doc(fmt.Sprint("m", i), m[0], ""))
	}
	for i := range 40 {
		x.Add(doc(fmt.Sprint("o", i), fmt.Sprintf("第%d件别的事情，和谁都没有关系，%c%c", i, '甲'+rune(i*7), '一'+rune(i*13)), ""))
	}
	return x
}

func TestTheSameMatterInOtherWords(t *testing.T) {
	t.Parallel()
	x := filled()
	for i, m := range matters {
		got := x.Query(m[1], similar.Spot{}, now, 3)
		if len(got) == 0 || got[0].ID != fmt.Sprint("m", i) {
			t.Errorf("%s: %v", m[1], got)
		}
	}
	for _, other := range []string{"想问一下退休手续怎么办", "", "！？。", "好"} {
		if got := x.Query(other, similar.Spot{}, now, 3); len(got) != 0 {
			t.Errorf("%q is like %v", other, got)
		}
	}
	got := x.Query(matters[0][0], similar.Spot{}, now, 3)
	if got[0].Score < .999 || got[0].Score > 1 {
		t.Errorf("a text is like itself by %v", got[0].Score)
	}
}

func TestWhereAndWhen(t *testing.T) {
	t.Parallel()
	x := similar.New()
	for i := range 30 {
		x.Add(doc(fmt.Sprint("o", i), fmt.Sprintf("别的事情%c%c%c", '甲'+rune(i*7), '一'+rune(i*13), '三'+rune(i)), ""))
	}
	text := "自来水停了两天没人通知"
	x.Add(doc("up", text, "上滩村"))
	here := func(s similar.Spot) float64 {
		if m := x.Query("自来水停了两天，也没人通知", s, now, 1); len(m) == 1 {
			return m[0].Score
		}
		return 0
	}
	same, nowhere, other := here(similar.Spot{Village: "上滩村"}), here(similar.Spot{}), here(similar.Spot{Village: "下滩村"})
	if same != nowhere || math.Abs(other-same/2) > 1e-9 {
		t.Errorf("here %v, anywhere %v, in another village %v", same, nowhere, other)
	}
	x.Add(similar.Doc{ID: "up", Text: text, Spot: similar.Spot{Lat: 35.94, Lng: 103.34}, At: now})
	near, far := here(similar.Spot{Lat: 35.9401, Lng: 103.3401}), here(similar.Spot{Lat: 35.99, Lng: 103.34})
	if near <= nowhere*1.05 && near < 1 || math.Abs(far-nowhere/2) > 1e-6 {
		t.Errorf("near %v, far %v", near, far)
	}
	x.Add(similar.Doc{ID: "up", Text: text, Closed: true, At: now.AddDate(-2, 0, 0)})
	if over := here(similar.Spot{}); math.Abs(over-nowhere*.8) > 1e-6 {
		t.Errorf("two years over %v, open %v", over, nowhere)
	}
}

func TestRemoveAndClose(t *testing.T) {
	t.Parallel()
	x := filled()
	n := x.Len()
	x.Remove("m0")
	x.Remove("m0")
	x.Remove("never there")
	if x.Len() != n-1 || x.Has("m0") || len(x.Query(matters[0][1], similar.Spot{}, now, 3)) != 0 {
		t.Error("what was removed is found")
	}
	x.Add(doc("m1", "完全另外一件事情，说的是招聘", ""))
	if got := x.Query(matters[1][1], similar.Spot{}, now, 3); len(got) != 0 {
		t.Errorf("found by what it said before: %v", got)
	}
	x.Close("m2")
	x.Close("never there")
	if got := x.Query(matters[2][1], similar.Spot{}, now, 3); len(got) != 1 {
		t.Errorf("closed and not found: %v", got)
	}
	x.Add(doc("empty", "？！", ""))
	if x.Has("empty") {
		t.Error("a text without letters is kept")
	}
}

// TestAnIndexForgetsWell: after any adding and removing it answers as one that
// was made of what is left.
func TestAnIndexForgetsWell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, left := similar.New(), map[string]string{}
		word := rapid.SampledFrom(strings.Fields("路灯 停车 收费 校车 水渠 药 噪音 垃圾 门票 补贴"))
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			id := fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "id"))
			if rapid.Bool().Draw(t, "add") {
				left[id] = word.Draw(t, "a") + "和" + word.Draw(t, "b") + "的事情"
				x.Add(doc(id, left[id], ""))
			} else {
				delete(left, id)
				x.Remove(id)
			}
		}
		fresh := similar.New()
		for id, text := range left {
			fresh.Add(doc(id, text, ""))
		}
		q := word.Draw(t, "q") + "坏了，" + word.Draw(t, "r")
		a, b := x.Query(q, similar.Spot{}, now, 50), fresh.Query(q, similar.Spot{}, now, 50)
		if len(a) != len(b) || x.Len() != len(left) {
			t.Fatalf("%v, made anew %v", a, b)
		}
		for i := range a {
			if math.Abs(a[i].Score-b[i].Score) > 1e-6 {
				t.Fatalf("%v, made anew %v", a, b)
			}
		}
	})
}

// TestCompaction keeps answers right when most have gone.
func TestCompaction(t *testing.T) {
	t.Parallel()
	x := filled()
	for i := range 5000 {
		x.Add(doc("x", fmt.Sprintf("换来换去的一段话%d", i), ""))
	}
	for i, m := range matters {
		if got := x.Query(m[1], similar.Spot{}, now, 1); len(got) != 1 || got[0].ID != fmt.Sprint("m", i) {
			t.Errorf("%s: %v", m[1], got)
		}
	}
}
