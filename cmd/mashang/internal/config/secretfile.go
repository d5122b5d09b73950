package config

import (
	"io"
	"os"
	"reflect"
	"strings"
)

// maxSecretFile is the maximum size in bytes, far above any key's: a larger file is the wrong one.
const maxSecretFile = 64 << 10

// secretFiles reads the secrets that are in files of their own. It trims white space around the content.
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
			faults = append(faults, faultOf(named, origin(named), "与环境变量 "+f.env+" 同时给出，分不清该用哪个；请只留一个"))
			continue
		}
		content, advice := readSecret(path)
		if advice != "" {
			faults = append(faults, faultOf(named, origin(named), advice))
			continue
		}
		secret.SetString(content)
	}
	return faults
}

// readSecret returns the content, or a message in Chinese if there is none.
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
