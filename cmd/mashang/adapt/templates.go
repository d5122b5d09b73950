package adapt

import (
	"strings"

	"mashang/domain/notice"
	"mashang/wechat"
)

// Templates returns the templates of the settings: ids by purpose, and keys by "purpose.meaning".
func Templates(ids, keys map[string]string) map[notice.Purpose]wechat.Template {
	m := map[notice.Purpose]wechat.Template{}
	for purpose, id := range ids {
		m[notice.Purpose(purpose)] = wechat.Template{ID: id, Keys: map[string]string{}}
	}
	for name, key := range keys {
		purpose, meaning, _ := strings.Cut(name, ".")
		if t, ok := m[notice.Purpose(purpose)]; ok {
			t.Keys[meaning] = key
		}
	}
	return m
}
