package sheets

import (
	"strings"

	"mashang/domain/station"
)

// Describe says in Chinese what an import would change, in the words of the
// sheets: "委员 m01（渡晓舟）：修改 职务、电话".
func Describe(c station.Change) string {
	t := tableOf(c.Table)
	s := t.Sheet + " " + c.ID
	if c.Name != "" && c.Name != c.ID {
		s += "（" + c.Name + "）"
	}
	switch c.Kind {
	case station.Added:
		return s + "：新增"
	case station.Removed:
		if t.Keeps() {
			return s + "：停用，历史记录保留"
		}
		return s + "：删除"
	default:
		return s + "：修改 " + strings.Join(labels(t, c.Fields), "、")
	}
}

// labels are the headers of fields. Absences have a sheet of their own.
func labels(t *table, fields []string) (list []string) {
	for _, name := range fields {
		f, _ := t.Field(name)
		list = append(list, f.Header)
	}
	return list
}
