package qrcodes

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"mashang/domain/record"
)

// The kinds of signs are the kinds of codes. Each has its own headline.
const (
	KindMember    = "member"
	KindRoom      = "room"
	KindPlace     = "place"
	KindStation   = "station"
	KindReception = "reception"
)

// headlines say what scanning the sign does.
var headlines = map[string]string{
	KindMember:    "扫码见委员",
	KindRoom:      "扫码进议事室",
	KindPlace:     "扫码说事",
	KindStation:   "扫码找工作站",
	KindReception: "扫码看接待日",
}

// Sign is one sign, ready to be printed.
type Sign record.Sign

// The maximum lengths of a sign's texts in characters; a test proves that the layout has room for them.
const (
	maxTitle     = 32
	maxLine      = record.MaxSignLine
	maxLines     = 3
	maxStation   = 32
	maxOwner     = 40
	maxPhone     = 24
	maxPurpose   = 8
	maxPurposes  = 6
	maxKey       = 32
	maxSigns     = 500
	maxCodeBytes = 2 << 20
	maxCodeSide  = 2048
)

// text is one text of a sign with its name for people.
type text struct {
	field, label, value string
	most                int
	required            bool
}

// clean returns the sign with normalized white space and without empty lines.
func (s Sign) clean() Sign {
	one := func(v string) string { return strings.Join(strings.Fields(v), " ") }
	list := func(in []string) []string {
		var out []string
		for _, v := range in {
			if v = one(v); v != "" {
				out = append(out, v)
			}
		}
		return out
	}
	s.Title, s.Station, s.Phone, s.Key, s.Village = one(s.Title), one(s.Station), one(s.Phone), one(s.Key), one(s.Village)
	s.Subtitle, s.Purposes = list(s.Subtitle), list(s.Purposes)
	return s
}

// texts returns every printed text of the sign.
func (s Sign) texts() []text {
	all := []text{
		{"title", "名称", s.Title, maxTitle, true},
		{"station", "工作站名称", s.Station, maxStation, true},
		{"phone", "电话", s.Phone, maxPhone, false},
		{"key", "编号", s.Key, maxKey, true},
		{"village", "村名", s.Village, maxLine, false},
	}
	for _, line := range s.Subtitle {
		all = append(all, text{"subtitle", "说明", line, maxLine, true})
	}
	for _, purpose := range s.Purposes {
		all = append(all, text{"purposes", "用途", purpose, maxPurpose, true})
	}
	return all
}

// check returns the first fault of the form of the n-th sign (from 1).
func (s Sign) check(n int) error {
	wrong := func(field, message string, args ...any) error {
		return invalid(fmt.Sprintf("signs[%d].%s", n-1, field), s.name(n)+fmt.Sprintf(message, args...))
	}
	if headlines[s.Kind] == "" {
		return wrong("kind", "不是委员、议事室、地点、工作站或接待日的码牌")
	}
	if len(s.Subtitle) > maxLines {
		return wrong("subtitle", "的说明最多 %d 行", maxLines)
	}
	if len(s.Purposes) > maxPurposes {
		return wrong("purposes", "的用途最多 %d 项", maxPurposes)
	}
	for _, t := range s.texts() {
		switch length := utf8.RuneCountInString(t.value); {
		case !utf8.ValidString(t.value):
			return wrong(t.field, "的%s有乱码，请重新填写", t.label)
		case t.required && length == 0:
			return wrong(t.field, "没有%s", t.label)
		case length > t.most:
			return wrong(t.field, "的%s太长，最多 %d 个字", t.label, t.most)
		}
	}
	return nil
}

// name identifies the n-th sign (from 1) in an error.
func (s Sign) name(n int) string {
	title := []rune(strings.ToValidUTF8(s.Title, "?"))
	if len(title) > 12 {
		title = append(title[:12], '…')
	}
	return fmt.Sprintf("第 %d 张码牌（%s）", n, string(title))
}

// describe names characters in an error; an invisible one only by its number.
func describe(lacks []rune) string {
	const most = 5
	var words []string
	for i, r := range lacks {
		if i == most {
			return strings.Join(words, "、") + fmt.Sprintf("等 %d 个", len(lacks))
		}
		if unicode.IsPrint(r) {
			words = append(words, fmt.Sprintf("“%c”（%s）", r, codePoint(r)))
		} else {
			words = append(words, codePoint(r))
		}
	}
	return strings.Join(words, "、")
}
