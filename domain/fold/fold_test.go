package fold_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"mashang/domain/fold"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for _, blank := range []string{
		"", " ", "\u3000\t\r\n", "\u3164\u3164", "\u2800\u2800", "\u200d\u200d\u200d", "\u00ad\u00ad", "\u200b", "\u2060\ufeff", "\u115f\u1160",
		"\uffa0", "\u180e", "\u034f", "\u0301\u0336", "\u20dd", "\ufe0f", "\U000e0100", "\U000e0041", "\ufffc", "\u202e\u2066", "\u061c", "\u2028", "\x00\x1b",
		"\u00a0", "\u2003", "\ufdd0", "\U0001d159", "\u17b4", "\u206a", "\u2064", "\U000e01f0",
	} {
		if fold.Visible(blank) {
			t.Errorf("%+q shows something", blank)
		}
		if got := fold.Stored(blank); got != "" {
			t.Errorf("%+q is stored as %+q", blank, got)
		}
		if got := fold.Key(blank); got != "" {
			t.Errorf("%+q is compared as %+q", blank, got)
		}
	}
	for _, text := range []string{"a", "水", "。", "😡", "👍🏽", "𠮷", "བོད", "ئۇ", "\u200b水", "-", "\u0601", "é", "\ue000", "\ufffd", "①", "\U0001fae9"} {
		if !fold.Visible(text) {
			t.Errorf("%+q shows nothing", text)
		}
	}
}

func TestStored(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, want string }{
		{"　停水了 \n", "停水了"},
		{"停\u200b水\u2060了\ufeff", "停水了"},
		{"138\u200b0013\u200d8000", "13800138000"},
		{"\u202d13800138000\u202c", "13800138000"},
		{"停\u00ad水", "停水"},
		{"\u3164停水\u3164", "停水"},
		{"一行\r\n二行\r三行\u2028四行\v五行", "一行\n二行\n三行\n四行\n五行"},
		{"a\tb", "a b"},
		{"cafe\u0301", "café"},
		{"停車場", "停車場"},
		{"ＡＢ１２", "ＡＢ１２"},
		{"阿依努尔·买买提", "阿依努尔·买买提"},
		{"a\xffb", "a\ufffdb"},
		{"水\u200d电\u200c", "水电"},
		{"\u200f停水", "停水"},
		{"好\ufffc的", "好的"},
		{"坏\U000e0041人", "坏人"},
	} {
		if got := fold.Stored(c.from); got != c.want {
			t.Errorf("Stored(%+q) = %+q, want %+q", c.from, got, c.want)
		}
	}
	for _, intact := range []string{
		"👨‍👩‍👧‍👦 来了", "🏳️‍🌈", "❤️‍🔥", "👩🏽‍⚕️", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1️⃣", "葛\U000e0100城",
		"ماشىنا توختىتىش پۇلى بەك يۇقىرى، تالون بەرمىدى", "می\u200cخواهم", "ه\u200d", "ئۇيغۇر\u200f (123)", "བོད་ཡིག་འབྲི་བ།", "ᠮᠣᠩᠭᠣᠯ\u180e\u1820 ᠪᠢᠴᠢᠭ\u202f",
		"क्\u200dष", "我叫𠮷田", "a  b", "“停水”——三天……",
	} {
		if got := fold.Stored(intact); got != strings.TrimSpace(norm.NFC.String(intact)) {
			t.Errorf("Stored(%+q) = %+q", intact, got)
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"停车场乱收费", "停車場亂收費", "停 车 场 乱收费", "停\u200b车\u00ad场乱\n收费", "停\u0336车场乱收费"},
		{"café", "CAFE\u0301", "ｃａｆé", "cafe\u200b\u0301"},
		{"阿依努尔买买提", "阿依努尔·买买提", "阿依努尔•买买提", "阿依努尔・买买提", "阿依努尔‧买买提", "阿依努尔･买买提", "阿依努尔．买买提", "阿依努尔.买买提", "阿依努尔 · 买买提"},
		{"261123-0047", "２６１１２３－００４７", "261123—0047", "261123——0047", "261123–0047", "261123−0047", "261123ー0047", "261123\u200b-0047"},
		{"13800138000", "１３８００１３８０００", "①③⑧⓪⓪①③⑧⓪⓪⓪", "❶❸❽⓿⓿❶❸❽⓿⓿⓿", "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "༡༣༨༠༠༡༣༨༠༠༠", "١٣٨٠٠١٣٨٠٠٠", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎"},
		{"\"好\"", "“好”", "「好」", "『好』", "＂好＂"},
		{"人水", "⼈⽔"},
		{"看着", "看著"},
		{"停车场a区", "停車場 A 区"},
		{"a b", "A\u00a0\u3000 b ", "\tａ　ｂ"},
	} {
		for _, text := range same {
			if got := fold.Key(text); got != same[0] {
				t.Errorf("Key(%+q) = %q, want %q", text, got, same[0])
			}
		}
	}
	for _, apart := range [][2]string{{"停水。三天", "停水三天"}, {"a.b", "ab"}, {"a b", "ab"}, {"3.5", "35"}, {"1 2", "12"}, {"等了...三天", "等了三天"}} {
		if fold.Key(apart[0]) == fold.Key(apart[1]) {
			t.Errorf("%q and %q are the same", apart[0], apart[1])
		}
	}
}

func TestNamesKeepTraditionalCharactersApart(t *testing.T) {
	t.Parallel()
	if fold.Name("于 文") != fold.Name("于文") || fold.Name("阿依努尔·买买提") != fold.Name("阿依努尔．买买提") {
		t.Error("one name is two")
	}
	if fold.Name("於文") == fold.Name("于文") {
		t.Error("two names are one")
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ search, want string }{
		{" 停車場　Ａ区 ", "停车场|a区"}, {"阿依努尔 · 买买提", "阿依努尔|买买提"}, {"·", "·"}, {"\u3164", ""}, {"\u200b水", "水"},
	} {
		if got := strings.Join(fold.Words(c.search), "|"); got != c.want {
			t.Errorf("Words(%+q) = %q, want %q", c.search, got, c.want)
		}
	}
}

func TestMapped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, find, want string }{
		{"请打138\u200b0013\u200d8000。", "13800138000", "138\u200b0013\u200d8000"},
		{"請打１３８００１３８０００吧", "13800138000", "１３８００１３８０００"},
		{"天然氣 洩露了", "天然气泄露", "天然氣 洩露"},
		{"\u200bcafe\u0301门口", "café", "cafe\u0301"},
		{"㎡", "m", "㎡"},
		{"\xff水\xff电", "水", "水"},
	} {
		m := fold.Mapped(c.text)
		i := strings.Index(m.Key, c.find)
		if i < 0 {
			t.Errorf("%q is not in %q", c.find, m.Key)
			continue
		}
		from, to := m.Span(i, i+len(c.find))
		if got := c.text[from:to]; got != c.want {
			t.Errorf("%q of %q is %+q, want %+q", c.find, c.text, got, c.want)
		}
	}
	if from, to := fold.Mapped("水").Span(2, 9); from != 0 || to != 0 {
		t.Errorf("a wrong span is %d, %d", from, to)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, want string }{
		{"\u200e２０２６－１２－０４\u200b ", "2026-12-04"}, {"８：３０", "8:30"}, {"　Ａ　ｂ", "A b"}, {"\u3164", ""}, {"༢", "2"}, {"—", "—"},
	} {
		if got := fold.Plain(c.from); got != c.want {
			t.Errorf("Plain(%+q) = %q, want %q", c.from, got, c.want)
		}
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	for want, forms := range map[string][]string{
		"13900000000": {
			"13900000000", "139 0000 0000", "１３９００００００００", "\u202d13900000000\u202c", "\u200e139\u200b00000000", "'13900000000", "’13900000000",
			"86 13900000000", "8613900000000", "(+86)13900000000", "（＋86）139 0000 0000", "+86 139.0000.0000", "0086 13900000000", "+8613900000000",
			"139·0000·0000", "tel:+8613900000000", "139\u00a00000\u20030000", "1️⃣3️⃣900000000",
		},
		"139-0000-0000":   {"139-0000-0000", "139—0000—0000", "139－0000－0000"},
		"0931-8888888":    {"0931-8888888", "（0931）8888888", "(0931) 8888888", "0931—8888888", "+86 0931-8888888", "86-0931-8888888", "+86 931-8888888"},
		"09318888888":     {"0931 8888888", "+86 931 8888888", "0086 931 8888888", "0931.8888888"},
		"0931-8888888-12": {"0931-8888888-12", "(0931)8888888-12"},
		"0931-8888888转12": {"0931-8888888转12", "0931-8888888 轉 12"},
		"+85291234567":    {"+852 9123 4567", "00852 91234567"},
		"+442079460958":   {"+44 (0)20 7946 0958", "0044 (0) 20 7946 0958", "+44（0）2079460958"},
		"400-800-8000":    {"400-800-8000", "+86 400-800-8000"},
		"12345":           {"12345", "１２３４５"},
		"":                {"", "\u200b", "'"},
		"不知道":             {"不知道"},
	} {
		for _, form := range forms {
			if got := fold.Phone(form); got != want {
				t.Errorf("Phone(%+q) = %q, want %q", form, got, want)
			}
		}
	}
}

// check holds what is true of every text.
func check(t *testing.T, text string) {
	t.Helper()
	stored, key, name := fold.Stored(text), fold.Key(text), fold.Name(text)
	for what, pair := range map[string][2]string{
		"Stored": {fold.Stored(stored), stored}, "Key": {fold.Key(key), key}, "Name": {fold.Name(name), name},
		"Plain": {fold.Plain(fold.Plain(text)), fold.Plain(text)}, "the Key of what is stored": {fold.Key(stored), key},
	} {
		if pair[0] != pair[1] {
			t.Fatalf("%s of %+q: %+q, again %+q", what, text, pair[1], pair[0])
		}
	}
	if len(key) > 11*len(text) || len(stored) > 3*len(text) {
		t.Fatalf("%d bytes grow to %d and %d", len(text), len(stored), len(key))
	}
	if !utf8.ValidString(stored) || !utf8.ValidString(key) {
		t.Fatalf("%+q becomes no text: %+q, %+q", text, stored, key)
	}
	if visible := fold.Visible(text); visible != (stored != "") || visible != fold.Visible(stored) {
		t.Fatalf("%+q: visible %v, stored %+q", text, visible, stored)
	}
	if want, got := ink(text), ink(stored); stored != "" && want != got {
		t.Fatalf("%+q lost something: %+q, want %+q", text, got, want)
	}
	m := fold.Mapped(text)
	if m.Key != key {
		t.Fatalf("%+q: mapped to %+q, key %+q", text, m.Key, key)
	}
	before := 0
	for i := range len(m.Key) {
		from, to := m.Span(i, i+1)
		if from < before || from >= to || to > len(text) {
			t.Fatalf("%+q: byte %d of %+q is %d to %d", text, i, key, from, to)
		}
		before = from
	}
}

// ink is what is seen of a text, one character at a time, and how many marks
// stand on them: long runs of marks may change their order.
func ink(text string) string {
	marks := 0
	seen := strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		case unicode.Is(unicode.M, r):
			marks++
			return -1
		case !fold.Visible(string(r)):
			return -1
		}
		return r
	}, norm.NFD.String(string([]rune(text))))
	return fmt.Sprint(seen, marks)
}

var seeds = []string{
	"停车场乱收费，不给发票。", "停車場 亂收費", "cafe\u200b\u0301", "阿依努尔 · 买买提", "👨‍👩‍👧", "J\u030c", "=\u0338", "\u1100\u1160\u1161", "\ufdfa", "\xff\xfe",
	"水" + strings.Repeat("\u0335\u0336\u0489", 130), "e" + strings.Repeat("\u0301\u0323", 40), "ب\u200d\u200d", "\u200f ب", "..水..", "- -", "İ", "ℌ\u030c", "¨水", "ㆍㆍ", "\r\n\v",
	"می\u200cخواهم", "葛\U000e0100", "1️⃣", "´\u0301", "—\u0338", "ﾊﾞ", "ｶﾞ", "ΐ", "ᾈ", "\u0344", "\u3164水", "a\u2028", "水.", ".水", "ー\u3099",
}

func TestWhatIsTrueOfEveryText(t *testing.T) {
	t.Parallel()
	for _, a := range seeds {
		check(t, a)
		for _, b := range seeds {
			check(t, a+b)
		}
	}
	for r := range rune(0x20000) {
		if r >= 0x4E00 && r < 0x9FA0 || r >= 0xAC10 && r < 0xD7A0 || r >= 0x17000 && r < 0x18CF0 {
			continue // alike
		}
		check(t, string(r))
		check(t, "a"+string(r)+"水")
		check(t, "水"+string(r)+"\u0301x")
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { check(t, text) })
}

func TestNothingIsAllocatedWhereNothingChanges(t *testing.T) {
	const text = "河西村东头的路灯坏了三天没人修,晚上看不见路,请尽快处理。电话138 0013 8000"
	fold.Key(text)
	if n := testing.AllocsPerRun(100, func() {
		if fold.Key(text) != text || fold.Stored(text) != text || fold.Plain(text) != text || !fold.Visible(text) {
			t.Fatal("it changed")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkKey(b *testing.B) {
	text := strings.Repeat("河西村东头的路灯坏了三天没人修，晚上看不见路，请尽快处理！電話１３８００１３８０００。", 5)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		fold.Key(text)
	}
}

func BenchmarkStored(b *testing.B) {
	text := strings.Repeat("河西村东头的路灯坏了三天没人修，晚上看不见路，请尽快处理！電話１３８００１３８０００“好”。", 5)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		fold.Stored(text)
	}
}
