package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Fault is one fault of the configuration.
//
// Values are never quoted, so that a password in the wrong field does not get into a log.
type Fault struct {
	// Path is the field's path in the file, "http.addr"; empty for a fault of the whole file.
	Path string
	// Env is the field's variable; empty without a field.
	Env string
	// Origin is where the value came from: "config.yaml 第 3 行", "来自环境变量", or empty for a default.
	Origin string
	// Message says in Chinese what is wrong and what is allowed.
	Message string
}

// String returns one line for the operator.
func (f Fault) String() string {
	var where []string
	for _, part := range []string{f.Path, f.Env} {
		if part != "" {
			where = append(where, part)
		}
	}
	head := strings.Join(where, " / ")
	switch {
	case head == "":
		head = f.Origin
	case f.Origin != "":
		head += "（" + f.Origin + "）"
	}
	return head + "：" + f.Message
}

// Faults are all faults of a configuration. It is the error of Load.
type Faults []Fault //nolint:errname // a list of Fault, as the operator reads it

// Error lists each fault on its own line.
func (fs Faults) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "配置有 %d 处错误：", len(fs))
	for _, f := range fs {
		b.WriteString("\n  - " + f.String())
	}
	return b.String()
}

// faultOf returns a fault of a known field.
func faultOf(f field, origin, message string) Fault {
	return Fault{Path: f.path, Env: f.env, Origin: origin, Message: message}
}

// sorted puts the faults of the whole file first and the others in the order of the fields, so that the output
// is deterministic.
func (fs Faults) sorted() Faults {
	rank := func(f Fault) int {
		return slices.IndexFunc(fields, func(known field) bool { return known.path == f.Path })
	}
	slices.SortStableFunc(fs, func(a, b Fault) int {
		if d := rank(a) - rank(b); d != 0 || rank(a) < 0 {
			return d
		}
		return cmp.Compare(a.Message, b.Message) // items of a map have no order
	})
	return fs
}

// shape says how a value of the type is written.
func valueForm(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return "应为带单位的时长，例如 500ms、15s、1m30s"
	case reflect.TypeFor[Size]():
		return "应为大小，例如 512KiB、12MiB、1GiB"
	case reflect.TypeFor[Clock]():
		return `应为时刻，例如 "22:00"`
	}
	switch t.Kind() {
	case reflect.Bool:
		return "应为 true 或 false"
	case reflect.Int:
		return "应为整数"
	case reflect.Slice:
		return "应为列表，例如 [a, b]；环境变量用逗号分隔"
	case reflect.Map:
		return "应为“名称: 值”的表；环境变量写 名称=值,名称=值"
	default:
		return "应为一段文字"
	}
}
