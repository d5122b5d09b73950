package config

import (
	"io"
	"os"
	"reflect"
	"strings"
)

// maxSecretFile is far beyond any key; a greater file is the wrong file.
const maxSecretFile = 64 << 10

// secretFiles fills the secrets that are kept in files of their own. Blanks and
// line ends around the content do not belong to it.
func secretFiles(config *Config, origin func(field) string) Faults {
	var faults Faults
	root := reflect.ValueOf(config).Elem()
	for _, f := range fields {
		if !f.secret() {
			continue
		}
		named, _ := fieldAt(f.path + "_file")
		path := root.FieldByIndex(named.index).String()
		if path == "" {
			continue
		}
		secret := root.FieldByIndex(f.index)
		if !secret.IsZero() {
			faults = append(faults, about(named, origin(named), "与环境变量 "+f.env+" 同时给出，分不清该用哪个；请只留一个"))
			continue
		}
		content, advice := readSecret(path)
		if advice != "" {
			faults = append(faults, about(named, origin(named), advice))
			continue
		}
		secret.SetString(content)
	}
	return faults
}

// readSecret returns the content, or advice in Chinese when there is none.
func readSecret(path string) (content, advice string) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return "", "读不到这个文件；请检查路径（相对路径从启动时的目录算起）和权限"
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, maxSecretFile+1))
	switch content = strings.TrimSpace(string(raw)); {
	case err != nil:
		return "", "读不了这个文件；请确认它是普通文件"
	case len(raw) > maxSecretFile:
		return "", "这个文件超过 64KiB，不像是存机密的文件"
	case content == "":
		return "", "这个文件是空的"
	}
	return content, ""
}
