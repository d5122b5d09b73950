package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// environ sets the fields that have a variable, and returns them. Each variable is parsed alone, since the
// library names a faulty field by its Go name, which many sections share. An empty variable counts as not set,
// as compose files pass unset variables that way.
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
			faults = append(faults, faultOf(f, fromEnvironment, valueForm(f.typ)))
		}
	}
	return set, faults
}

// fromEnvironment is the origin of a value from a variable.
const fromEnvironment = "来自环境变量"

// unknownVars returns the variables that look like settings but are none: a typing error, or a variable of a
// container platform. They are logged and not refused.
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
