package phrases_test

import (
	"strings"
	"testing"

	"mashang/domain/phrases"
)

const list = `
# a head
@who 有人 人
@all @who 孩子
fire guarded 着火
fire plain 火里~{who}
water guarded {all}…掉~河
water guarded {who}……冲走
none 着火点 手机~掉
doubt 担心
frame 赔偿
now 现在
`

func TestFind(t *testing.T) {
	t.Parallel()
	l, err := phrases.Parse(list, []string{"fire", "water"})
	if err != nil {
		t.Fatal(err)
	}
	const fire, water = 1, 2
	for _, tc := range []struct {
		text string
		want uint32
	}{
		{"", 0},
		{"着火", fire},
		{"著火", fire}, // as traditional texts write it
		{"着\u200b火", fire},
		{"着 火", fire},
		{"着。火", fire},
		{"看着。火车来了", 0},
		{"着火点在哪", 0},
		{"担心着火", 0},
		{"担心，着火", fire},
		{"要赔偿，去年着火", 0},
		{"要赔偿，现在着火", fire},
		{"要赔偿。着火", fire},
		{"着火过", 0},
		{"着火过来", fire},
		{"着火的房子", 0},
		{"着火的", fire},
		{"担心火里有人", fire}, // plain
		{"火里有三个人", fire},
		{"火里有一二三四人", 0},
		{"孩子一二三四五六七八九掉河", water},
		{"孩子一二三四五六七八九十掉河", 0},
		{"孩子，掉河", 0},
		{"孩子掉进了大河", water},
		{"孩子掉进了一大河", 0},
		{"有人在岸上，冲走", water},
		{"有人在岸上。冲走", 0},
		{"孩子手机掉河", 0},
		{"孩子掉河，着火", fire | water},
		{strings.Repeat("好", 121) + "着火", 0},
		{strings.Repeat("好", 121) + "现在着火", fire},
	} {
		if got := l.Find(tc.text); got != tc.want {
			t.Errorf("%s: %b, want %b", tc.text, got, tc.want)
		}
	}
}

func TestParseNamesAFaultyLine(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"fire 着火", "fire loud 着火", "smoke plain 着火", "plain 着火", "fire doubt 着火", "none {gone}", "none {open", "none ~着", "none 着…"} {
		if _, err := phrases.Parse("# head\n"+line+"\n", []string{"fire"}); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// Whatever is written, what is found is of the kinds, and the same when it is
// looked for again: nothing of one text is left for the next.
func FuzzFind(f *testing.F) {
	l, err := phrases.Parse(list, []string{"fire", "water"})
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{"", "着火", "孩子掉河，着\x00火\xff", "人。人 人|人", strings.Repeat("有人掉", 100)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := l.Find(text)
		if got >= 4 {
			t.Errorf("%b", got)
		}
		if again := l.Find(text); again != got {
			t.Errorf("%b, then %b", got, again)
		}
		if l.Find("担心火里有人") != 1 || l.Find("掉河") != 0 {
			t.Error("a text left something behind")
		}
	})
}
