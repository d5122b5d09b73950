package language_test

import (
	"testing"

	"mashang/domain/language"
)

func TestAccepted(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]language.Language{
		"": language.Chinese, "*": language.Chinese, "zh-CN,zh;q=0.9,en;q=0.8": language.Chinese, "yue-Hant-HK": language.Chinese,
		"en": language.English, "en-GB,en;q=0.9": language.English, "fr-FR, en;q=0.5": language.English, "ug": language.Chinese,
		"en;q=0.3, zh;q=0.7": language.Chinese, "zh;q=x, de": language.English, "EN-us": language.English,
	} {
		if got := language.Accepted(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func FuzzAccepted(f *testing.F) {
	f.Add("zh-CN,zh;q=0.9,en;q=0.8")
	f.Add(";;,q=,*;q=1e999")
	f.Fuzz(func(t *testing.T, header string) {
		if got := language.Accepted(header); got != language.Chinese && got != language.English {
			t.Errorf("%q: %q", header, got)
		}
	})
}
