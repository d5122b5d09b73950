package emulator_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mashang/wechat/emulator"
)

// page asks for a page or asset and returns its body.
func (b *bundle) page(path string, status int) (http.Header, string) {
	b.t.Helper()
	w := request(b.t, b.ctl, http.MethodGet, "/_emulator/"+path, "")
	if w.Code != status {
		b.t.Fatalf("%s: status %d, want %d: %s", path, w.Code, status, w.Body)
	}
	return w.Header(), w.Body.String()
}

func staged(o *emulator.Options) {
	o.Program = "/m/"
	o.Cast = func(context.Context) (any, error) {
		return map[string]any{
			"members":     []map[string]string{{"openid": "member-01", "name": "渡晓舟", "sector": "文化旅游"}, {"openid": "a b", "name": "无此人"}},
			"liaisons":    []map[string]string{{"openid": "liaison-01", "name": "柳知意"}},
			"departments": []map[string]string{{"openid": "department-01", "name": "渡口管理所"}, {"openid": "", "name": "无此处"}},
			"weather":     "fine",
		}, nil
	}
}

func TestPagesAreStrict(t *testing.T) {
	t.Parallel()
	b := setup(t, staged)
	inline := regexp.MustCompile(`(?i)<script(?: [^>]*)?>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:`)
	for _, path := range []string{"", "phone/member-01", "?page=pages/index/index&query=scene%3Da"} {
		header, body := b.page(path, http.StatusOK)
		if got := header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'; script-src 'self'; style-src 'self'") || strings.Contains(got, "unsafe") {
			t.Errorf("%q: policy %q", path, got)
		}
		if found := inline.FindString(body); found != "" {
			t.Errorf("%q: %q in the page", path, found)
		}
		for _, m := range regexp.MustCompile(`(?:src|href)="(/_emulator/assets/[^"]+)"`).FindAllStringSubmatch(body, -1) {
			header, _ := b.page(strings.TrimPrefix(m[1], "/_emulator/"), http.StatusOK)
			if kind := header.Get("Content-Type"); kind != "text/css; charset=utf-8" && kind != "text/javascript; charset=utf-8" {
				t.Errorf("%s is %q", m[1], kind)
			}
		}
	}
	for _, path := range []string{"assets/none.js", "assets/phone.html", "assets/..%2fpage.go", "assets/", "phone/", "phone/a%20b", "phone/%3Cb%3E-1"} {
		b.page(path, http.StatusNotFound)
	}
}

func TestPageOfTheCast(t *testing.T) {
	t.Parallel()
	b := setup(t, staged)
	_, body := b.page("", http.StatusOK)
	for _, want := range []string{`/_emulator/phone/member-01"`, "渡晓舟", "文化旅游", `/_emulator/phone/liaison-01"`, `/_emulator/phone/department-01"`, "渡口管理所", "虚构", sendPath} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s on the page", want)
		}
	}
	if strings.Contains(body, "无此人") || strings.Contains(body, "无此处") {
		t.Error("somebody without a usable openid is on the page")
	}
	_, body = b.page("phone/member-01", http.StatusOK)
	if !strings.Contains(body, "渡晓舟") || !strings.Contains(body, `data-program="/m/"`) || !strings.Contains(body, "program.js") {
		t.Error("the phone lacks its owner or the program")
	}
	_, body = b.page("?page=pages/index/index&query=scene%3Da%26b", http.StatusOK)
	if !strings.Contains(body, `/_emulator/phone/member-01?page=pages%2findex%2findex&amp;query=scene%3da%26b"`) {
		t.Errorf("the phones do not open the link: %s", body)
	}
}

// TestPagesWithoutProgram: the people of another program can be played as well.
func TestPagesWithoutProgram(t *testing.T) {
	t.Parallel()
	for name, cast := range map[string]func(context.Context) (any, error){
		"none":    nil,
		"another": func(context.Context) (any, error) { return map[string]any{"members": 31}, nil },
		"failing": func(context.Context) (any, error) { return nil, errors.New("no cast today") },
	} {
		b := setup(t, func(o *emulator.Options) { o.Cast = cast })
		_, body := b.page("", http.StatusOK)
		if !strings.Contains(body, "/_emulator/phone/you-ke-li") || strings.Contains(body, "no cast today") {
			t.Errorf("%s: nobody can be played", name)
		}
		_, body = b.page("phone/anybody", http.StatusOK)
		if strings.Contains(body, "program") || !strings.Contains(body, "anybody") {
			t.Errorf("%s: the phone shows a program", name)
		}
		b.page("assets/program.js", http.StatusNotFound)
	}
}

// TestPagesEscape: no text from outside becomes markup. A page has as many tags and quotes with a hostile text
// as with a harmless one.
func TestPagesEscape(t *testing.T) {
	t.Parallel()
	shape := func(text string) (counts []int) {
		b := setup(t, func(o *emulator.Options) {
			o.Cast = func(context.Context) (any, error) {
				return map[string]any{"members": []map[string]string{{"openid": "member-01", "name": text, "sector": text, "village": text}}}, nil
			}
		})
		for _, path := range []string{"", "?page=" + url.QueryEscape(text) + "&query=" + url.QueryEscape(text), "phone/member-01"} {
			_, body := b.page(path, http.StatusOK)
			for _, mark := range []string{"<", ">", `"`, `href="javascript`} {
				counts = append(counts, strings.Count(body, mark))
			}
		}
		return counts
	}
	harmless := shape("a")
	for _, before := range []string{"", `">`, `' `, "</title></script>", "-->\u2028"} {
		for _, evil := range []string{
			`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`, `' onmouseover='alert(1)`, `javascript:alert(1)`,
			`<svg/onload=alert(1)>`, `{{.}}<b>`, `&lt;script&gt;<i>`, `" style="x" a="`, `<a href="javascript:alert(1)">x</a>`,
		} {
			if got := shape(before + evil); !slices.Equal(got, harmless) {
				t.Errorf("%q: %v tags and quotes, want %v", before+evil, got, harmless)
			}
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("assets/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|\.style\b`).Find(code); found != nil {
			t.Errorf("%s has %s", file, found)
		}
	}
}

// TestAssetsParse needs node, as building the product's clients does.
func TestAssetsParse(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed, so nothing proves that the scripts parse")
	}
	files, err := filepath.Glob("assets/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		check := exec.CommandContext(t.Context(), node, "--check", "--input-type=module")
		check.Stdin = bytes.NewReader(code)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", file, err, out)
		}
	}
}
