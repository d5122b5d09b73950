package wechat

import (
	"fmt"

	"mashang/domain/notice"
)

// fieldTypes are the types of template fields with their names and limits, from the platform's page
// "订阅消息参数值内容限制说明".
var fieldTypes = map[string]struct{ name, limit string }{
	"thing":            {"事物", "20 个字符以内，可含汉字、数字、字母、符号"},
	"phrase":           {"汉字", "5 个汉字以内"},
	"name":             {"姓名", "10 个汉字或 20 个字母以内"},
	"character_string": {"字符串", "32 位以内数字、字母或符号"},
	"number":           {"数字", "32 位以内数字，可带小数"},
	"letter":           {"字母", "32 位以内字母"},
	"symbol":           {"符号", "5 位以内符号"},
	"phone_number":     {"电话", "17 位以内数字、符号"},
	"car_number":       {"车牌号", "8 位以内"},
	"time":             {"时间", "年月日加 24 小时制的时分"},
	"date":             {"日期", "年月日"},
	"amount":           {"金额", "10 位以内数字，可带小数"},
}

// Preview returns the fields of a message's purpose in order, with the value that Send would put in each.
// Without a template it takes the default keys.
func (c *Client) Preview(m notice.Message) ([]notice.FieldPreview, error) {
	keys := c.cfg.Templates[m.Purpose].Keys
	if keys == nil {
		keys = DefaultKeys(m.Purpose)
	}
	list := make([]notice.FieldPreview, len(notice.Fields[m.Purpose]))
	for i, f := range notice.Fields[m.Purpose] {
		key := keys[f.Meaning]
		f.Type = keyType(key)
		value, err := fit(f.Type, m.Data[f.Meaning], china)
		if err != nil {
			return nil, fmt.Errorf("wechat: field %s (%s): %w", f.Meaning, key, err)
		}
		t := fieldTypes[f.Type]
		list[i] = notice.FieldPreview{
			Field: f, Key: key, TypeName: t.name, Limit: t.limit, Value: value,
			Cut: f.Type != "time" && f.Type != "date" && value != clean(m.Data[f.Meaning]),
		}
	}
	return list, nil
}
