package linebreak_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"mashang/qrcodes/linebreak"
)

func TestWrapLeavesNoShortLastLine(t *testing.T) {
	t.Parallel()
	tokens := linebreak.Tokens("扫码见委员有事马上办")
	widths := slices.Repeat([]float64{1}, len(tokens))
	if got, ok := linebreak.Wrap(tokens, widths, 8); !ok || !slices.Equal(got, []string{"扫码见委员", "有事马上办"}) {
		t.Errorf("%q, %v", got, ok)
	}
	if got, ok := linebreak.Wrap(tokens, widths, 0.5); ok {
		t.Errorf("a token wider than the line: %q", got)
	}
}

// FuzzTokens: the tokens are the text, and none is empty.
func FuzzTokens(f *testing.F) {
	f.Add("联系柳湾村、上渡村 (A-12)  ئابدۇرەھمان")
	f.Add("བཀྲ་ཤིས་བདེ་ལེགས།")
	f.Add("a" + strings.Repeat("\u0301", 200))
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		tokens := linebreak.Tokens(text)
		if slices.Contains(tokens, "") || strings.Join(tokens, "") != text {
			t.Errorf("%q: %q", text, tokens)
		}
	})
}
