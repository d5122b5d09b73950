package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// environ lays the variables over config and returns the fields it set. Each
// variable is parsed by itself: the library names a failing field by its Go
// name, which many sections share. An empty variable counts as not set, because
// that is what compose files make of a variable nobody gave.
func environ(config *Config, vars map[string]string) (set []field, faults Faults) {
	for _, f := range fields {
		value := strings.TrimSpace(vars[f.env])
		if value == "" {
			continue
		}
		set = append(set, f)
		target := reflect.ValueOf(config).Elem().FieldByIndex(f.index)
		target.SetZero()
		err := env.ParseWithOptions(config, env.Options{
			Prefix:      Prefix,
			Environment: map[string]string{f.env: value},
		})
		if err != nil {
			target.SetZero()
			faults = append(faults, about(f, fromEnvironment, shape(f.typ)))
		}
	}
	return set, faults
}

// fromEnvironment is the origin of a value that a variable set.
const fromEnvironment = "来自环境变量"

// unknownVars are variables that look like settings but are none: a typing error, or
// something a container platform put there. They are worth a warning, not a
// refusal.
func unknownVars(vars map[string]string) []string {
	var out []string
	for name := range vars {
		ours := slices.ContainsFunc(sectionNames(), func(section string) bool {
			return strings.HasPrefix(name, Prefix+strings.ToUpper(section)+"_")
		})
		known := slices.ContainsFunc(fields, func(f field) bool { return f.env == name })
		if ours && !known {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
