package web

import (
	"errors"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// translations translates huma's fixed sentences, and ours.
var translations = map[string]string{
	validation.MsgUnexpectedProperty:      "没有这个字段，请去掉",
	validation.MsgExpectedBoolean:         "应为 true 或 false",
	validation.MsgExpectedNumber:          "应为数字",
	validation.MsgExpectedInteger:         "应为整数",
	validation.MsgExpectedString:          "应为文字",
	validation.MsgExpectedArray:           "应为列表",
	validation.MsgExpectedObject:          "应为对象",
	validation.MsgExpectedRFC3339DateTime: "应为带时区的时间，例如 2026-05-01T18:00:00+08:00",
	"invalid integer":                     "应为整数",
}

// sentencePattern is a sentence of huma with one variable part. With child, that part is the field's name, and the
// location is its object's.
type sentencePattern struct {
	english, chinese string
	child            bool
}

var frames = []sentencePattern{
	{validation.MsgExpectedRequiredProperty, "必须填写", true},
	{validation.MsgExpectedOneOf, "只能是：%s", false},
	{validation.MsgExpectedMinimumNumber, "不能小于 %s", false},
	{validation.MsgExpectedMaximumNumber, "不能大于 %s", false},
	{validation.MsgExpectedMinLength, "至少 %s 个字", false},
	{validation.MsgExpectedMaxLength, "最多 %s 个字", false},
	{validation.MsgExpectedMinItems, "至少 %s 项", false},
	{validation.MsgExpectedMaxItems, "最多 %s 项", false},
	{validation.MsgExpectedBePattern, "须为 %s", false},
	{"required %s parameter is missing", "必须填写", false},
}

// translate names every wrong field in Chinese, in a fixed order. It returns nothing when the error has no
// field: the body is not JSON.
func translate(errs []error) []FieldError {
	var list []FieldError
	for _, err := range errs {
		d, ok := errors.AsType[*huma.ErrorDetail](err)
		if !ok {
			continue
		}
		if f := fieldOf(d); f.Field != "" {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b FieldError) int { return strings.Compare(a.Field, b.Field) })
	return list
}

func fieldOf(d *huma.ErrorDetail) FieldError {
	if path, ok := strings.CutPrefix(d.Message, markDuplicate); ok {
		return FieldError{path, "这个字段出现了不止一次"}
	}
	if path, ok := strings.CutPrefix(d.Message, markType); ok {
		return FieldError{path, "类型不对"}
	}
	field := clientPath(d.Location)
	if chinese, ok := translations[d.Message]; ok {
		if field == "" {
			field = "body"
		}
		return FieldError{field, chinese}
	}
	for _, f := range frames {
		before, after, _ := cutVerb(f.english)
		if !strings.HasPrefix(d.Message, before) || !strings.HasSuffix(d.Message, after) || len(d.Message) < len(before)+len(after) {
			continue
		}
		part := d.Message[len(before) : len(d.Message)-len(after)]
		if f.child {
			return FieldError{strings.TrimPrefix(field+"."+part, "."), f.chinese}
		}
		return FieldError{field, strings.ReplaceAll(f.chinese, "%s", strings.ReplaceAll(part, ", ", "、"))}
	}
	return FieldError{field, "格式有误"}
}

// cutVerb splits a sentence at its first formatting verb.
func cutVerb(s string) (before, after string, ok bool) {
	i := strings.IndexByte(s, '%')
	if i < 0 || i+2 > len(s) {
		return s, "", false
	}
	return s[:i], s[i+2:], true
}

// clientPath converts "body.photos[0]" to the client's path, "photos.0". The body itself has no name.
func clientPath(location string) string {
	where, path, _ := strings.Cut(location, ".")
	if i := strings.IndexByte(where, '['); i >= 0 {
		path = strings.TrimPrefix(where[i:]+"."+path, ".")
	}
	return strings.TrimSuffix(strings.NewReplacer("[", ".", "]", "").Replace(path), ".")
}
