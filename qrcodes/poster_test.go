package qrcodes_test

import (
	"strings"
	"testing"

	"mashang/domain/record"
	"mashang/qrcodes"
)

// TestCodesAreAsLargeAsIsSaid: the console says from how far a code of each template is read, at ten times its side.
func TestCodesAreAsLargeAsIsSaid(t *testing.T) {
	t.Parallel()
	s := record.Sign(member())
	s.CodeImage = nil
	for template, least := range map[string]float64{
		record.SignSticker: 50, record.SignDoor: 56, record.SignTable: 50, record.SignSheet: 76, record.SignPoster: 170,
	} {
		sides := qrcodes.CodeSides(t, s, template)
		if len(sides) == 0 {
			t.Errorf("%s: no code", template)
		}
		for _, side := range sides {
			if side < least {
				t.Errorf("%s: a code of %.0f mm, want %.0f", template, side, least)
			}
		}
	}
}

func TestTheStationsOwnHeadline(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext")
	s := record.Sign(member())
	for _, template := range record.SignTemplates {
		job := record.SignJob{Template: template, Headline: "  有事  扫一扫 "}
		got := words(t, drawn(t, []record.Sign{s}, job).Data)
		if own := strings.Contains(got, "有事扫一扫"); own == (template == record.SignNotice) {
			t.Errorf("%s: headline %v:\n%s", template, own, got)
		}
		for _, headline := range []string{strings.Repeat("长", 11), "\uE000"} {
			_, err := qrcodes.Draw(t.Context(), []record.Sign{s}, record.SignJob{Template: template, Headline: headline}, func(int, int) {})
			wantInvalid(t, err, "headline")
		}
	}
}

// TestAReceptionDaysSign says on every template when and where, what its steps are, and nobody's name.
func TestAReceptionDaysSign(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext")
	s := record.Sign(member())
	s.Kind, s.Title, s.Subtitle = qrcodes.KindReception, "周五接待", []string{"每周五 09:00–12:00", "地点：柳湾村议事室"}
	s.Purposes = []string{"看日子", "看谁来", "约时间"}
	for _, template := range record.SignTemplates {
		got := words(t, drawn(t, []record.Sign{s}, record.SignJob{Template: template}).Data)
		for _, want := range []string{"扫码看接待日", "周五接待", "每周五09:00–12:00"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s:\n%s", template, want, got)
			}
		}
		if steps := strings.Contains(got, "看哪天谁来"); strings.Contains(got, "等委员答复") || steps != (template == record.SignDoor || template == record.SignTable || template == record.SignNotice) {
			t.Errorf("%s: steps %v:\n%s", template, steps, got)
		}
		if strings.Contains(got, "说您的事") {
			t.Errorf("%s has the steps of another kind", template)
		}
	}
}
