package qrcodes_test

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/qrcodes"
)

// tgh is 通用规范汉字表; the file says where it comes from.
//
//go:embed testdata/tgh.txt
var tgh string

// everyCharacter are the lines of the list.
func everyCharacter(t *testing.T) (lines []string) {
	t.Helper()
	n := 0
	for line := range strings.Lines(tgh) {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, strings.TrimSpace(line))
			n += len([]rune(strings.TrimSpace(line)))
		}
	}
	if n != 8105 {
		t.Fatalf("the list has %d characters", n)
	}
	return lines
}

// The letters of languages written in China beside Chinese, and signs that people
// type. Tibetan is what Unicode calls letters, vowels, subjoined letters and digits.
const (
	uyghur  = "ئابەدەخغفقكگڭلمنھوۇۆۈۋېىيپتجچرزژسش،؛؟«»"
	kazakh  = "اٵبۆگعدەۇزٸحپتجچرژسشفقكلمنڭھوۇۋءىي"
	tibetan = "ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨ་།༄༅༠༡༢༣༤༥༦༧༨༩ཊཋཌཎཥ"
	symbols = "①②⑩㊣℃℉Ⅴ№℡㎡㎏‰°±×÷≤≥≠≈∞√∑→←↑↓⇒★☆●○◎■□▲△◆◇♀♂☑☒✓✔✗✘☎✉♪※§¥€£©®™“”‘’《》【】…—～·•½⅓²³µΩαβπ"
	emoji   = "😀😡😂👍👎👌🙏❤💔🔥🚗🚌🏥🏠🌊🚨⚠⛔✅❌⭕📷📞💰💊🤒🧑🐶🌲🍎☀☔⚡"
	peoples = "ꆈꌠꁱꂷᠮᠣᠩᠭᠣᠯᥖᥭᥰᦍᦲᧃᨠᨡꓡꓲ한글안녕สวัสดีລາວမြန်မာПриветΓειάǎǐǒǔǘǚǜêḿ"
)

// TestEveryCharacterPrints: the fonts have all characters of the list, of Uyghur, of Tibetan and the common
// signs, and no outline is empty. A dossier of them all reports no missing character, and the whole list can be
// copied from it.
func TestEveryCharacterPrints(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext")
	lines := everyCharacter(t)
	for name, text := range map[string]string{
		"the list": strings.Join(lines, ""), "Uyghur": uyghur, "Kazakh": kazakh, "Tibetan": tibetan, "signs": symbols, "emoji": emoji, "peoples": peoples,
	} {
		if lacks := qrcodes.Lacking(text); len(lacks) > 0 {
			t.Errorf("%s: missing %q", name, lacks)
		}
		if empty := qrcodes.Empty(text); len(empty) > 0 {
			t.Errorf("%s: nothing is seen of %q", name, empty)
		}
	}
	d := record.Dossier{Title: "字表", Parts: []record.DossierPart{{Heading: "全部", Paragraphs: append(lines, uyghur, tibetan, symbols, emoji)}}}
	pdf, err := qrcodes.Dossier(d, made)
	if err != nil {
		t.Fatal(err)
	}
	text := words(t, pdf)
	if strings.Contains(text, "无法打印") {
		t.Error("the dossier says that something is missing")
	}
	have := map[rune]bool{}
	for _, r := range text {
		have[r] = true
	}
	var lost []rune
	for _, r := range strings.Join(lines, "") + emoji + strings.Trim(uyghur, "«»") {
		if !have[r] {
			lost = append(lost, r)
		}
	}
	if len(lost) > 0 {
		t.Errorf("%d characters cannot be copied out of the document: %q", len(lost), lost)
	}
}

// TestUyghurIsJoined: a letter has its own form at the beginning, in the middle and at the end of a word, and
// words are right-to-left.
func TestUyghurIsJoined(t *testing.T) {
	t.Parallel()
	alone, _ := qrcodes.Compose("ب")
	word, width := qrcodes.Compose("ببب")
	if len(alone) != 1 || len(word) != 3 {
		t.Fatalf("%d and %d glyphs", len(alone), len(word))
	}
	forms := map[uint32]bool{alone[0].Glyph: true}
	for _, g := range word {
		forms[g.Glyph] = true
	}
	if len(forms) != 4 {
		t.Errorf("the letter has %d of its four forms", len(forms))
	}
	if apart := 3 * widthOf("ب"); width >= apart {
		t.Errorf("joined it is %.2f wide, apart %.2f", width, apart)
	}
	first, _ := qrcodes.Compose("با") // the first letter stands on the right
	second, _ := qrcodes.Compose("با ت")
	if first[0].X > first[len(first)-1].X || second[len(second)-1].Font != "arabic" || second[0].Glyph == first[0].Glyph {
		t.Errorf("%+v, %+v", first, second)
	}
}

func widthOf(text string) float64 {
	_, w := qrcodes.Compose(text)
	return w
}

// TestTibetanIsStacked: stacked letters take the width of one.
func TestTibetanIsStacked(t *testing.T) {
	t.Parallel()
	if stack, letter := widthOf("སྒྲུ"), widthOf("ས"); stack > letter*1.3 {
		t.Errorf("the stack is %.2f wide, its letter %.2f", stack, letter)
	}
	if got := qrcodes.Tokens("བཀྲ་ཤིས་བདེ་ལེགས།"); len(got) < 4 {
		t.Errorf("a line breaks at %q", got)
	}
}

// order is the line in visual order, each glyph as its character; shaped letters are '؟'.
func order(text string, alone string) string {
	byGlyph := map[qrcodes.Placed]rune{}
	for _, r := range alone {
		g, _ := qrcodes.Compose(string(r))
		byGlyph[qrcodes.Placed{Font: g[0].Font, Glyph: g[0].Glyph}] = r
	}
	glyphs, _ := qrcodes.Compose(text)
	slices.SortStableFunc(glyphs, func(a, b qrcodes.Placed) int {
		if a.X < b.X {
			return -1
		}
		return 1
	})
	var b strings.Builder
	for _, g := range glyphs {
		if r, ok := byGlyph[qrcodes.Placed{Font: g.Font, Glyph: g.Glyph}]; ok {
			b.WriteRune(r)
		} else {
			b.WriteRune('؟')
		}
	}
	return b.String()
}

// TestDirections: right-to-left text within Chinese, and Chinese within it, have the expected order; brackets
// are mirrored and numbers stay whole.
func TestDirections(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"他说اا走":                 "他说؟؟走",
		"他说(اا)走":               "他说(؟؟)走",
		"اا (100) اا":           "؟؟ (100) ؟؟",
		"اا 0998-1234567":       "0998-1234567 ؟؟",
		"اا 2026/7/15 09:30":    "09:30 2026/7/15 ؟؟",
		"اا 柳湾村":                "柳湾村 ؟؟",
		"电话 0998-1234567 اا":    "电话 0998-1234567 ؟؟",
		"\u202e他说\u202c走\u2066": "他说走",
	} {
		if got := order(text, "他说走()0123456789-/: 柳湾村电话"); got != want {
			t.Errorf("%q is seen as %q, want %q", text, got, want)
		}
	}
}

// TestLinesBreak: never within a cluster, never before a closing or after an opening mark, and a word stays
// whole.
func TestLinesBreak(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"停车场，收费。":           {"停", "车", "场，", "收", "费。"},
		"买买提·艾力":            {"买", "买", "提·", "艾", "力"},
		"《停》车":              {"《停》", "车"},
		"WiFi 也收":           {"WiFi", " ", "也", "收"},
		"👨‍👩‍👧1️⃣🇨🇳":        {"👨‍👩‍👧", "1️⃣", "🇨🇳"},
		"پۇلى بەك":          {"پۇلى", " ", "بەك"},
		"0930-6221234":      {"0930-6221234"},
		"abcdefghijklmnopq": strings.Split("abcdefghijklmnopq", ""),
		"𠮷田":                {"𠮷", "田"},
	} {
		if got := qrcodes.Tokens(text); !slices.Equal(got, want) {
			t.Errorf("%q breaks into %q, want %q", text, got, want)
		}
	}
}

// TestHostileTextIsBounded: the time for stacked marks, chains of joiners and nested brackets is linear, with
// room for a busy machine, and nothing leaves its line.
func TestHostileTextIsBounded(t *testing.T) {
	unraced(t)
	t.Parallel()
	for name, part := range map[string]string{
		"marks": "\u0335\u0489", "joiners": "\u200d", "brackets": "(", "brackets from the right": "ا(", "overrides": "\u202e\u2066ا",
		"prepended": "\u0600", "jamo": "\u1100", "subjoined": "\u0f90", "conjuncts": "က္", "emoji": "👨\u200d", "variants": "一\ufe0f",
		"private": "\ue000", "isolated": "ا a ", "flags": "🇨", "tags": "\U000e0041", "word": "a", "Uyghur": "ب",
	} {
		took := func(n int) time.Duration {
			d := record.Dossier{Title: "停" + part, Parts: []record.DossierPart{{Heading: "反映内容", Paragraphs: []string{"停" + strings.Repeat(part, n)}}}}
			start := time.Now() //nolint:forbidigo // time is what is measured
			if _, err := qrcodes.Dossier(d, made); err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
			return time.Since(start) //nolint:forbidigo // time is what is measured
		}
		took(100) // opens the fonts
		// A busy machine may hold up one of the two, not each of five tries: the
		// slowest short one is set against the quickest long one.
		short, long := time.Duration(0), time.Duration(math.MaxInt64)
		for range 5 {
			short, long = max(short, took(5_000)), min(long, took(20_000))
			if long <= 12*short+time.Second {
				break
			}
		}
		if long > 12*short+time.Second {
			t.Errorf("%s: 5,000 take %v, 20,000 %v", name, short, long)
		}
	}
	glyphs, _ := qrcodes.Compose("停" + strings.Repeat("\u0301", 8) + "车")
	for _, g := range glyphs {
		if g.Y > 0.5 || g.Y < -0.5 {
			t.Errorf("a mark is %.2f ems off its line", g.Y)
		}
	}
}

// TestEveryFontIsThere: the fonts' code points do not overlap, as one glyph would otherwise be copied as
// another, and the emoji font is where the code expects it.
func TestEveryFontIsThere(t *testing.T) {
	t.Parallel()
	if qrcodes.EmojiFont() != "emoji" {
		t.Errorf("pictures are taken from %s", qrcodes.EmojiFont())
	}
	bounds := qrcodes.GlyphBounds(t)
	if len(bounds) != len(qrcodes.FontFiles())-1 {
		t.Errorf("%d of %d fonts have code points of their own", len(bounds), len(qrcodes.FontFiles())-1)
	}
	slices.SortFunc(bounds, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	for i, b := range bounds {
		if b[1] > unicode.MaxRune || i > 0 && bounds[i-1][1] >= b[0] {
			t.Errorf("code points %X overlap", b)
		}
	}
}
