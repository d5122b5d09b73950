package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"mashang/cmd/mashang/internal/config"
)

const planted = "planted-secret-7c1f"

// secretive is a configuration whose every secret is the planted text.
func secretive() config.Config {
	c := config.Config{}.WithDefaults()
	v := reflect.ValueOf(&c).Elem()
	for _, f := range everyField() {
		if f.secret() {
			v.FieldByIndex(f.index).SetString(planted)
		}
	}
	return c
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	c := secretive()
	if c.WeChat.AppSecret.Reveal() != planted {
		t.Fatal("Reveal is the way to the value")
	}
	printed := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		printed["config "+verb] = fmt.Sprintf(verb, c)
		printed["pointer "+verb] = fmt.Sprintf(verb, &c.WeChat)
		printed["alone "+verb] = fmt.Sprintf(verb, c.WeChat.AppSecret)
		printed["in a map "+verb] = fmt.Sprintf(verb, map[string]config.Secret{"a": c.Seal.Keys})
		printed["in a list "+verb] = fmt.Sprintf(verb, []config.Secret{c.Seal.Keys})
	}
	printed["Sprint"] = fmt.Sprint(c, c.Redis.Password)
	printed["String"] = c.WeChat.PushToken.String() + c.WeChat.PushToken.GoString()
	printed["error"] = fmt.Errorf("with %v", c.WeChat.PushToken).Error()
	for name, marshal := range map[string]func(any) ([]byte, error){
		"json": json.Marshal, "yaml": yaml.Marshal,
		"text": func(any) ([]byte, error) { return c.Seal.Keys.MarshalText() },
	} {
		out, err := marshal(c)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		printed[name] = string(out)
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).LogAttrs(t.Context(), slog.LevelInfo, "all",
			slog.Any("config", c), slog.Any("secret", c.WeChat.AppSecret), slog.Any("section", &c.Redis))
		printed[name] = out.String()
	}
	hex := fmt.Sprintf("%x", planted)
	for name, text := range printed {
		if strings.Contains(text, planted) || strings.Contains(strings.ToLower(text), hex) {
			t.Errorf("%s shows it: %s", name, text)
		}
		if !strings.Contains(text, "***") {
			t.Errorf("%s shows no mask: %s", name, text)
		}
	}
	if got := fmt.Sprintf("%v", config.Secret("")); got != "***" {
		t.Errorf("an empty secret prints %q: whether it is set is nobody's business", got)
	}
}

func TestSecretFromAFile(t *testing.T) {
	t.Parallel()
	name := write(t, filepath.Join(t.TempDir(), "pw"), "  s3cret-in-file \r\n")
	for _, from := range []struct {
		text    string
		environ []string
	}{
		{"redis: {addr: '10.0.0.1:1', password_file: " + name + "}\n", nil},
		{"redis: {addr: '10.0.0.1:1'}\n", []string{"MASHANG_REDIS_PASSWORD_FILE=" + name}},
	} {
		if got := good(t, from.text, from.environ...).Redis.Password.Reveal(); got != "s3cret-in-file" {
			t.Errorf("%q %v: got %q", from.text, from.environ, got)
		}
	}
}

func TestEverySecretHasAFileTwin(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	for _, f := range everyField() {
		keys[f.path()] = true
	}
	secrets := 0
	for _, f := range everyField() {
		if !f.secret() {
			continue
		}
		secrets++
		if !keys[f.path()+"_file"] {
			t.Errorf("%s has no %s_file", f.path(), f.key)
		}
		faults := bad(t, f.section+":\n  "+f.key+": "+planted+"\n")
		if faults[0].Path != f.path() || !strings.Contains(faults.Error(), f.env()) || strings.Contains(faults.Error(), planted) {
			t.Errorf("%s in the file: %v", f.path(), faults)
		}
	}
	if secrets != 7 {
		t.Errorf("%d secrets", secrets)
	}
}

func TestSecretFileFaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for want, name := range map[string]string{
		"读不到这个文件":  filepath.Join(dir, "none"),
		"读不了这个文件":  dir,
		"是空的":      write(t, filepath.Join(dir, "empty"), " \n"),
		"超过 64KiB": write(t, filepath.Join(dir, "huge"), strings.Repeat("x", 64<<10+1)),
	} {
		faults := bad(t, "", "MASHANG_SEAL_KEYS_FILE="+name)
		if len(faults) != 1 || faults[0].Path != "seal.keys_file" || !strings.Contains(faults.Error(), want) {
			t.Errorf("%s: %v", want, faults)
		}
	}
	both := bad(t, "", "MASHANG_SEAL_KEYS=x", "MASHANG_SEAL_KEYS_FILE="+write(t, filepath.Join(dir, "k"), "y"))
	if len(both) != 1 || !strings.Contains(both.Error(), "只留一个") {
		t.Errorf("both: %v", both)
	}
}

// The server's own process environment is what cmd hands over; it must be
// usable as it is.
func TestProcessEnvironment(t *testing.T) {
	t.Parallel()
	var environ []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, config.Prefix) {
			environ = append(environ, pair)
		}
	}
	good(t, "", environ...)
}
