package sheets_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPhonesAsTheyAreCopied: address books and WeChat put invisible characters
// around a number, offices an apostrophe or the country's code.
func TestPhonesAsTheyAreCopied(t *testing.T) {
	t.Parallel()
	for _, form := range []string{
		"\u202d13900000000\u202c", "\u200e13900000000", "13900000000\u200b", "'13900000000", "’13900000000", "86 13900000000", "(+86)13900000000",
		"（＋86）139 0000 0000", "0086-139-0000-0000", "１３９００００００００", "139.0000.0000", "139·0000·0000", "139\u00a00000\u20030000",
	} {
		texts := roster()
		texts["委员"] = strings.Replace(texts["委员"], "13900000000", form, 1)
		if diff := cmp.Diff(want(), read(t, texts)); diff != "" {
			t.Errorf("%+q: %s", form, diff)
		}
	}
}

// TestNamesAsTheyAreSpelled: who is named with one kind of dot, width or blank in
// one sheet and another kind in the next is one and the same.
func TestNamesAsTheyAreSpelled(t *testing.T) {
	t.Parallel()
	for _, spelled := range []string{
		"阿依努尔·买买提", "阿依努尔•买买提", "阿依努尔・买买提", "阿依努尔‧买买提", "阿依努尔．买买提", "阿依努尔.买买提", "阿依努尔 · 买买提", "阿依努尔买买提", "阿依努尔\u200b·买买提",
	} {
		texts := roster()
		texts["委员"] = strings.Replace(texts["委员"], "渡晓舟", "阿依努尔·买买提", 1)
		texts["值班"] = strings.Replace(texts["值班"], "m01,,p01", spelled+",,古渡 码头", 1)
		st := read(t, texts)
		if st.Duty[0].Member != "m01" || st.Duty[0].Place != "p01" {
			t.Errorf("%+q: on duty is %v", spelled, st.Duty[0])
		}
	}
}

func TestSectorsAreSpelledAsTheirTableSpellsThem(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["界别"] = "名称\n工会・共青团\n农业\n"
	for _, sheet := range []string{"委员", "场所", "类别"} {
		texts[sheet] = strings.ReplaceAll(texts[sheet], "文化旅游", "工会·共青团")
	}
	st := read(t, texts)
	for _, got := range []string{st.Members[0].Sector, st.Places[0].Sectors[0], st.Categories[0].Sectors[0]} {
		if got != "工会・共青团" {
			t.Errorf("a sector is %q", got)
		}
	}
}

// TestWhatIsStoredShowsNothingHidden: texts lose what cannot be seen and keep
// their writing.
func TestWhatIsStoredShowsNothingHidden(t *testing.T) {
	t.Parallel()
	texts := roster()
	texts["委员"] = strings.Replace(texts["委员"], "文创社负责人", "文\u202e創\x07社\u200b 負責人", 1)
	if got := read(t, texts).Members[0].Title; got != "文創社 負責人" {
		t.Errorf("the title is %q", got)
	}
}
