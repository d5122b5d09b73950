package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// FileVar is the variable with the configuration file, if no flag gives it.
const FileVar = Prefix + "CONFIG"

// maxFile is the maximum size of the configuration file in bytes.
const maxFile = 1 << 20

// Source is where Load reads from. The zero value reads ./config.yaml and no environment.
type Source struct {
	// File is the file of a flag; empty means MASHANG_CONFIG, then config.yaml in Dir if it exists. An
	// explicitly named file must exist.
	File string
	// Environ is the environment in the form of os.Environ.
	Environ []string
	// Dir is the working directory; empty means the process's.
	Dir string
}

// Origin is what Load has read.
type Origin struct {
	// File is the file that was read, empty if there was none.
	File string
	// UnknownVars are the names of variables that look like settings but are none.
	UnknownVars []string
}

// Load returns the checked configuration with all defaults. Its error is always Faults with everything that is
// wrong.
func Load(src Source) (Config, Origin, error) {
	vars := map[string]string{}
	for _, pair := range src.Environ {
		if name, value, ok := strings.Cut(pair, "="); ok {
			vars[name] = value
		}
	}
	var c Config
	doc := file{config: &c, lines: map[string]int{}}
	used := Origin{UnknownVars: unknownVars(vars)}
	parsed := true
	text, name, faults := src.text(vars)
	if name != "" {
		used.File, doc.name = name, filepath.Base(name)
		parsed = len(faults) == 0 && doc.read(text)
	}
	faults = append(faults, doc.faults...)

	set, wrong := environ(&c, vars)
	faults = append(faults, wrong...)
	origin := func(f field) string {
		for _, s := range set {
			if s.path == f.path {
				return fromEnvironment
			}
		}
		if line, ok := doc.lines[f.path]; ok {
			return doc.origin(line)
		}
		return ""
	}
	faults = append(faults, secretFiles(&c, origin)...)

	c = tidy(c).withStaticDefaults()
	if parsed {
		faults = append(faults, check(c, faults, origin)...)
	}
	if len(faults) > 0 {
		return Config{}, used, faults.sorted()
	}
	return c.withDerivedDefaults(), used, nil
}

// text returns the file's content and name. Without a name, no file was named and the default one does not
// exist.
func (src Source) text(vars map[string]string) (text []byte, name string, faults Faults) {
	name, named := src.File, "--config"
	if name == "" {
		name, named = strings.TrimSpace(vars[FileVar]), "环境变量 "+FileVar
	}
	if name == "" {
		name, named = "config.yaml", ""
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(src.Dir, path)
	}
	fault := func(message string) Faults {
		origin := name
		if named != "" {
			origin += "（" + named + "）"
		}
		return Faults{{Origin: origin, Message: message}}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && named == "":
		return nil, "", nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, path, fault("没有这个文件；不需要配置文件时请不要指定它")
	case err == nil && !info.Mode().IsRegular():
		return nil, path, fault("不是普通文件")
	case err == nil && info.Size() > maxFile:
		return nil, path, fault("超过 1MiB，不像是配置文件")
	case err == nil:
		text, err = os.ReadFile(path) //nolint:gosec // the operator names the file
	}
	if err != nil {
		return nil, path, fault("读不了这个文件；请检查权限")
	}
	return text, path, nil
}

// tidy removes blanks around texts and a trailing slash of addresses.
func tidy(c Config) Config {
	root := reflect.ValueOf(&c).Elem()
	for _, f := range fields {
		switch v := root.FieldByIndex(f.index); v.Kind() {
		case reflect.String:
			v.SetString(strings.TrimSpace(v.String()))
		case reflect.Slice:
			var kept []string
			for _, value := range v.Seq2() {
				if item := strings.TrimSpace(value.String()); item != "" {
					kept = append(kept, item)
				}
			}
			v.Set(reflect.ValueOf(kept))
		case reflect.Map:
			kept := map[string]string{}
			for key, value := range v.Seq2() {
				kept[strings.TrimSpace(key.String())] = strings.TrimSpace(value.String())
			}
			if len(kept) == 0 {
				kept = nil
			}
			v.Set(reflect.ValueOf(kept))
		}
	}
	c.HTTP.PublicURL = strings.TrimRight(c.HTTP.PublicURL, "/")
	c.WeChat.APIBase = strings.TrimRight(c.WeChat.APIBase, "/")
	return c
}
