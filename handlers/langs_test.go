package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"mashang/desk/codes"
	"mashang/handlers/web"
)

// read gets a page as a browser of some language.
func (b *bundle) read(path, language string) (html string, header http.Header) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.http.URL+path, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", language)
	a := b.do(r)
	return string(a.Body), a.Header
}

// Whoever reads no Chinese gets the pages behind a code in English, and anybody can switch.
func TestPagesFollowThePhonesLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		language, query, lang string
	}{
		{"", "", "zh-CN"},
		{"zh-CN,zh;q=0.9,en;q=0.8", "", "zh-CN"},
		{"zh-Hant-TW", "", "zh-CN"},
		{"ug-CN, en;q=0.5", "", "zh-CN"},
		{"*", "", "zh-CN"},
		{"en-US,en;q=0.9", "", "en"},
		{"fr-FR, zh;q=0.5", "", "en"},
		{"zh;q=0.3, de;q=0.9", "", "en"},
		{"en;q=nonsense, zh;q=0.1", "", "zh-CN"},
		{"en-US", "?lang=zh", "zh-CN"},
		{"zh-CN", "?lang=en", "en"},
		{"zh-CN", "?lang=xx", "zh-CN"},
	} {
		for _, path := range []string{"/q/" + codePlace, "/q/" + codeGone, "/q/2222222222"} {
			html, header := b.read(path+c.query, c.language)
			if !strings.Contains(html, `<html lang="`+c.lang+`">`) || !strings.Contains(header.Get("Vary"), "Accept-Language") {
				t.Errorf("%s%s for %q: want %s, %v\n%s", path, c.query, c.language, c.lang, header, html[:200])
			}
		}
	}
}

// A page in English has no Chinese but names.
func TestEnglishPagesAreWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	b.want(b.send("PUT", "/api/v1/station/surge", liaison, map[string]any{"until": "2026-05-12T10:00:00+08:00"}), 200)
	names := strings.NewReplacer("黄河渡口停车场", "", "河口镇委员工作站", "", "马晓舟", "", "中文", "", `aria-hidden="true">黄<`, "")
	han := regexp.MustCompile(`\p{Han}+|[，。：；、]`)
	for _, path := range []string{"/q/" + codePlace, "/q/" + codeGone, "/q/2222222222", "/m/pages/scan/index?key=" + codePlace, "/m/pages/file/index?kind=help&key=" + codePlace} {
		html, _ := b.read(path, "en-US")
		if found := han.FindAllString(names.Replace(html), -1); len(found) > 0 {
			t.Errorf("%s still says %q", path, found)
		}
	}
	// A choice goes on into the client, which can remember it.
	html, _ := b.read("/q/"+codePlace+"?lang=en", "zh-CN")
	b.holds(html, "/m/pages/file/index?key="+codePlace+"&amp;kind=help&amp;lang=en", `href="?lang=zh"`)
	if html, _ := b.read("/q/"+codePlace, "en-US"); strings.Contains(html, "lang=en&") || strings.Contains(html, "kind=help&amp;lang") {
		t.Error("the browser's language passes for a choice")
	}
}

// What the server says to a visitor in sentences is in their language in every answer, also after an act.
func TestSentencesFollowThePhonesLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	b.want(b.send("PUT", "/api/v1/station/surge", liaison, map[string]any{"until": "2026-05-12T10:00:00+08:00", "note": "%s 东门在排队"}), 200)
	han := regexp.MustCompile(`\p{Han}`)
	tourist := b.login("tourist")
	english := []string{"Accept-Language", "en-GB,en;q=0.9"}
	said := func(r reply, field string) string {
		t.Helper()
		if r.Status != 200 && r.Status != 201 {
			t.Fatalf("status %d: %s", r.Status, r.Body)
		}
		return fmt.Sprint(at[[]any](r.JSON(t), field)...)
	}
	filed := b.send("POST", "/api/v1/submissions", tourist, filing(map[string]any{"visitor": "tourist"}), append(english, "Idempotency-Key", newKey())...)
	path := "/api/v1/submissions/" + at[string](filed.JSON(t), "id")
	answers := map[string]reply{
		"filed": filed, "read": b.send("GET", path, tourist, nil, english...),
		"added": b.send("POST", path+"/messages", tourist, map[string]any{"text": "It was at noon"}, english...),
	}
	for what, r := range answers {
		if words := said(r, "advice"); !strings.Contains(words, "0930-1234567") || !strings.Contains(words, "receipt") || strings.Count(words, ";") != 4 || strings.Contains(words, "; ;") || han.MatchString(words) {
			t.Errorf("%s: %q", what, words)
		}
	}
	if words := said(b.send("GET", path, tourist, nil), "advice"); !strings.Contains(words, "%s 东门在排队") || !strings.Contains(words, "票据") {
		t.Errorf("in Chinese: %q", words)
	}
	if words := said(b.send("GET", "/api/v1/me/data", tourist, nil, english...), "kept"); !strings.Contains(words, "backups") || han.MatchString(words) {
		t.Errorf("what is kept: %q", words)
	}
	if words := said(b.send("GET", "/api/v1/me/data", tourist, nil), "kept"); !strings.Contains(words, "备份") {
		t.Errorf("what is kept, in Chinese: %q", words)
	}
}

func TestStationsToCall(t *testing.T) {
	t.Parallel()
	list := []codes.StationRef{{ID: "hk", Name: "河口镇委员工作站", Phone: "0930-1234567"}}
	b := setup(t, func(o *web.Options) {
		o.Stations = func(_ context.Context, most int) ([]codes.StationRef, error) {
			if len(list) > most {
				return nil, nil
			}
			return list, nil
		}
	})
	r := b.send("GET", "/api/v1/stations", "", nil)
	b.want(r, 200)
	if items := at[[]any](r.JSON(t), "items"); len(items) != 1 || obj(items[0])["phone"] != "0930-1234567" {
		t.Errorf("%s", r.Body)
	}
	list = make([]codes.StationRef, 40)
	if items := at[[]any](b.send("GET", "/api/v1/stations", "", nil).JSON(t), "items"); len(items) != 0 {
		t.Errorf("too many to choose from: %v", items)
	}
}
