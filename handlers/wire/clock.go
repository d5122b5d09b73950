package wire

import (
	"strconv"
	"strings"

	"mashang/domain/fault"
)

// Minutes reads a time of day as minutes after midnight; 24:00 is the end of a day.
func Minutes(field, s string) (int, error) {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || len(s) > 5 || err1 != nil || err2 != nil || hour < 0 || hour > 24 || minute < 0 || minute > 59 || hour == 24 && minute > 0 {
		e := fault.New(fault.Invalid, "时间须为 08:30 的形式，最晚 24:00")
		e.Fields = []fault.Field{{Field: field, Message: e.Message}}
		return 0, e
	}
	return hour*60 + minute, nil
}
