package handlers_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"regexp"
	"strings"
	"testing"

	"mashang/desk/codes"
	"mashang/domain/station"
	"mashang/handlers/web"
)

// page gets a page and checks what all of them have.
func (b *bundle) page(path string, status int) string {
	b.t.Helper()
	r := b.send("GET", path, "", nil)
	b.want(r, status)
	html := string(r.Body)
	if r.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(html, `<html lang="zh-CN">`) ||
		!strings.Contains(html, `name="viewport"`) {
		b.t.Errorf("%s: %s\n%s", path, r.Header.Get("Content-Type"), html)
	}
	if strings.Contains(html, "<script") || strings.Contains(html, "http://") || strings.Contains(html, "https://") {
		b.t.Errorf("%s has a script or leads outside", path)
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(html)
	sum := sha256.Sum256([]byte(style[1]))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(r.Header.Get("Content-Security-Policy"), want) {
		b.t.Errorf("%s: the policy does not let its style through: %s", path, r.Header.Get("Content-Security-Policy"))
	}
	for _, size := range regexp.MustCompile(`font(?:-size)?:\s*(\d+)px`).FindAllStringSubmatch(style[1], -1) {
		if size[1] < "18" {
			b.t.Errorf("%s has type of %s px", path, size[1])
		}
	}
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); err != nil {
			if err.Error() != "EOF" {
				b.t.Errorf("%s: %v", path, err)
			}
			break
		}
	}
	return html
}

func (b *bundle) holds(html string, parts ...string) {
	b.t.Helper()
	for _, p := range parts {
		if !strings.Contains(html, p) {
			b.t.Errorf("the page lacks %q:\n%s", p, html)
		}
	}
}

func TestSignPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.holds(b.page("/q/"+codeOfMa, 200), "马晓舟 委员", "文化旅游", "上滩村", "旅游投诉", "扫一扫", "河口镇委员工作站",
		`href="tel:09301234567"`, "现在值班", "09:00–12:00", "/api/v1/codes/"+codeOfMa+"/wxacode")
	b.holds(b.page("/q/"+strings.ToUpper(codePlace), 200), "黄河渡口停车场", "现在值班", "马晓舟")
	if html := b.page("/q/"+codeRoom, 200); strings.Contains(html, "值班") || strings.Contains(html, "<h1>上滩村协商议事室 委员") {
		t.Error("a room without duty shows some, or passes for a member")
	}
	b.holds(b.page("/q/"+codeSite, 200), "何淑英", "09:00–18:00")
	b.holds(b.page("/q/"+codeGone, 410), "已经停用", "河口镇委员工作站", "tel:09301234567")
	b.holds(b.page("/q/2222222222", 404), "没有找到这个码", "牌子下方印的工作站电话")
	b.holds(b.page("/q/x", 404), "没有找到这个码")
	if strings.Contains(b.page("/q/"+codeOfMa, 200), "13900000001") {
		t.Error("a member's own phone is shown")
	}
}

func TestLostPageOffersStations(t *testing.T) {
	t.Parallel()
	one := []codes.StationRef{{ID: "hk", Name: "河口镇委员工作站", Phone: "0930-1234567"}}
	list, unread := one, error(nil)
	b := setup(t, func(o *web.Options) {
		o.Stations = func(context.Context, int) ([]codes.StationRef, error) { return list, unread }
	})
	b.holds(b.page("/q/2222222222", 404), "河口镇委员工作站", "tel:09301234567")
	list = nil // as for too many
	b.holds(b.page("/q/2222222222", 404), "牌子下方印的工作站电话")
	unread = errors.New("cannot be read")
	b.holds(b.page("/q/2222222222", 404), "牌子下方印的工作站电话")
	if !strings.Contains(b.log.String(), "cannot be read") {
		t.Error("the log does not say why there are no stations")
	}
}

func TestFirstPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	html := b.page("/", 200)
	b.holds(html, "委员工作站", "扫一扫", "/openapi.json", "版本 test")
	if strings.Contains(html, "演示") {
		t.Error("not a demonstration")
	}
	demo := setup(t, func(o *web.Options) { o.Demo = true })
	b.holds(demo.page("/", 200), "演示", `href="/_emulator/"`, "/_emulator/cast", "虚构")
}

// Names come from a spreadsheet somebody else made.
func TestPagesEscape(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const evil = `<img src=x onerror=alert(1)><script>alert(2)</script>"'`
	st := testStation()
	st.Name, st.Phone, st.Version = evil, `javascript:alert(3)//`+evil, 2
	st.Members[0].Name, st.Members[0].Village, st.Members[0].Title = evil, evil, evil
	st.Members[0].Expertise, st.Members[0].Sector = []string{evil}, evil
	if ok, err := b.store.PutStation(t.Context(), st, 1); err != nil || !ok {
		t.Fatal(ok, err)
	}
	for path, status := range map[string]int{"/q/" + codeOfMa: 200, "/q/" + codePlace: 200, "/q/" + codeGone: 410} {
		r := b.send("GET", path, "", nil)
		b.want(r, status)
		html := string(r.Body)
		if strings.Contains(html, "<img src=x") || strings.Contains(html, "<script") || strings.Contains(html, `href="javascript`) ||
			!strings.Contains(html, "&lt;img src=x onerror=alert(1)&gt;") {
			t.Errorf("%s is not escaped:\n%s", path, html)
		}
	}
	if _, ok := st.Resolve(station.Target{Kind: station.ForMember, ID: "m1"}); !ok {
		t.Error("the member is not in the roster")
	}
}
