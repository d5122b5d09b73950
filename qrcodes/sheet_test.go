package qrcodes_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/record"
	"mashang/qrcodes"
)

// member is a sign as a station prints it.
func member() qrcodes.Sign {
	return qrcodes.Sign{
		Kind:     qrcodes.KindMember,
		Title:    "王秀英 委员",
		Subtitle: []string{"文化旅游界", "联系柳湾村、上渡村"},
		Station:  "黄河沿镇政协委员工作站",
		Phone:    "0930-6221234",
		Purposes: []string{"投诉", "建议", "咨询", "求助", "调解纠纷"},
		URL:      "https://mashang.example.gov.cn/q/7KQ4M2XD",
		Key:      "7KQ4M2XD",
	}
}

// crowded has texts of the maximum length.
func crowded(round []byte) qrcodes.Sign {
	return qrcodes.Sign{
		Kind:      qrcodes.KindRoom,
		Title:     strings.Repeat("龘", 32),
		Subtitle:  []string{strings.Repeat("国", 30), strings.Repeat("泰", 30), strings.Repeat("民", 30)},
		Station:   strings.Repeat("站", 32),
		Phone:     "0930-6221234 转 8001、8002",
		Purposes:  []string{"一二三四五六七八", "一二三四五六七八", "一二三四五六七八", "一二三四五六七八", "一二三四五六七八", "一二三四五六七八"},
		URL:       "https://mashang.example.gov.cn/q/" + strings.Repeat("W", 32),
		CodeImage: round,
		Key:       strings.Repeat("W", 32),
		Demo:      true,
	}
}

// round stands for the platform's code: rings that no reader takes for a QR code.
func round(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	const side = 430
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			dx, dy := x-side/2, y-side/2
			if d := dx*dx + dy*dy; d < 200*200 && d/3000%2 == 0 {
				img.SetNRGBA(x, y, color.NRGBA{R: 20, G: 20, B: 20, A: 255})
			} else if d < 200*200 {
				img.SetNRGBA(x, y, color.NRGBA{R: 255, G: 255, B: 255, A: 255})
			}
		}
	}
	var out bytes.Buffer
	if err := encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(out *bytes.Buffer, img image.Image) error { return jpeg.Encode(out, img, nil) }

func asPNG(out *bytes.Buffer, img image.Image) error { return png.Encode(out, img) }

func TestEverySheetIsReadBack(t *testing.T) {
	unraced(t)
	t.Parallel()
	need(t, "zbarimg", "pdftoppm", "pdftotext")
	place := member()
	place.Kind, place.Title, place.Subtitle = qrcodes.KindPlace, "龙汇山码头停车场", nil
	place.URL, place.Key, place.CodeImage, place.Demo = place.URL+"P", "7KQ4M2XDP", round(t, asPNG), true
	station := member()
	station.Kind, station.Title, station.Subtitle = qrcodes.KindStation, station.Station, nil
	station.Phone, station.Purposes = "", nil
	station.URL = "http://127.0.0.1:18080/q/7KQ4M2XD"
	names := member()
	names.Title = "买买提•艾力·堃喆"
	signs := []qrcodes.Sign{member(), place, crowded(round(t, asJPEG)), station, names}

	pdf, err := sheets(t, signs, record.SignJob{Owner: "政协黄河沿镇联络组"})
	if err != nil {
		t.Fatal(err)
	}
	rasters := pages(t, pdf, "1", "99")
	if len(rasters) != len(signs) {
		t.Fatalf("%d pages for %d signs", len(rasters), len(signs))
	}
	for i, file := range rasters {
		if got := scan(t, file); len(got) != 1 || got[0] != signs[i].URL {
			t.Errorf("page %d reads %q, want %q", i+1, got, signs[i].URL)
		}
	}
}

func TestSheetSaysWhatItMust(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext")
	always := []string{
		"王秀英委员", "文化旅游界", "联系柳湾村、上渡村", "黄河沿镇政协委员工作站", "0930-6221234", "7KQ4M2XD",
		"投诉", "建议", "咨询", "求助", "调解纠纷", "扫码见委员", "微信扫一扫",
		"我们不收费，也不会索要密码、验证码或转账", "张贴单位：黄河沿镇政协委员工作站",
	}
	for _, c := range []struct {
		name string
		demo bool
		code []byte
	}{{"plain", false, nil}, {"demo with round code", true, round(t, asJPEG)}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sign := member()
			sign.Demo, sign.CodeImage = c.demo, c.code
			pdf, err := sheets(t, []qrcodes.Sign{sign}, record.SignJob{Made: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)})
			if err != nil {
				t.Fatal(err)
			}
			text := words(t, pdf)
			for _, want := range always {
				if !strings.Contains(text, want) {
					t.Errorf("the sheet does not say %s: %s", want, text)
				}
			}
			if strings.Contains(text, "演示") != c.demo {
				t.Errorf("演示 printed: %v, want %v", !c.demo, c.demo)
			}
		})
	}
}

// A sign with texts of any length within the limits fits on its page.
func TestWithinLimitsItFits(t *testing.T) {
	unraced(t)
	t.Parallel()
	rings := round(t, asJPEG)
	if _, err := sheets(t, []qrcodes.Sign{crowded(rings)}, record.SignJob{Owner: strings.Repeat("站", 40)}); err != nil {
		t.Fatalf("the fullest sign is refused: %v", err)
	}
	letters := []rune("委员W（，。》·1a村 -龘")
	anySign := rapid.Custom(func(t *rapid.T) qrcodes.Sign {
		words := func(most int, label string) string {
			return "站" + rapid.StringOfN(rapid.SampledFrom(letters), 0, most-1, -1).Draw(t, label)
		}
		lines := func(most, count int, label string) []string {
			out := make([]string, rapid.IntRange(0, count).Draw(t, label+"s"))
			for i := range out {
				out[i] = words(most, label)
			}
			return out
		}
		kinds := []string{qrcodes.KindMember, qrcodes.KindRoom, qrcodes.KindPlace, qrcodes.KindStation, qrcodes.KindReception}
		return qrcodes.Sign{
			Kind:     rapid.SampledFrom(kinds).Draw(t, "kind"),
			Title:    words(32, "title"),
			Station:  words(32, "station"),
			Phone:    rapid.StringMatching(`[0-9 -]{0,24}`).Draw(t, "phone"),
			Key:      rapid.StringMatching(`[A-Z0-9]{1,32}`).Draw(t, "key"),
			URL:      "https://" + rapid.StringMatching(`[a-z0-9/]{1,240}`).Draw(t, "url"),
			Demo:     rapid.Bool().Draw(t, "demo"),
			Subtitle: lines(30, 3, "subtitle"),
			Purposes: lines(8, 6, "purpose"),
		}
	})
	signs := make([]qrcodes.Sign, 60)
	for seed := range signs {
		signs[seed] = anySign.Example(seed)
		if seed%2 == 0 {
			signs[seed].CodeImage = rings
		}
	}
	if _, err := sheets(t, signs, record.SignJob{}); err != nil {
		t.Fatal(err)
	}
}

func TestSheetsRefuse(t *testing.T) {
	t.Parallel()
	need(t, "pdftoppm")
	for _, c := range []struct {
		name  string
		spoil func(*qrcodes.Sign)
		field string
		says  []string
	}{
		{"beyond the fonts", func(s *qrcodes.Sign) { s.Title = "王\U00030000 委员" }, "signs[1].title", []string{"第 2 张", "U+30000"}},
		{"private", func(s *qrcodes.Sign) { s.Purposes = []string{"求助\uE000"} }, "signs[1].purposes", []string{"王秀英", "U+E000"}},
		{"a glyph's own code point", func(s *qrcodes.Sign) { s.Subtitle = []string{"\U00100005"} }, "signs[1].subtitle", []string{"U+100005"}},
		{"two texts", func(s *qrcodes.Sign) { s.Title, s.Phone = "王\uE001", "\uE002" }, "signs[1].title", []string{"名称", "U+E001", "电话", "U+E002"}},
		{"a pile of marks", func(s *qrcodes.Sign) { s.Title = "停" + strings.Repeat("\u0335", 20) }, "signs[1].title", []string{"U+0335"}},
		{"control", func(s *qrcodes.Sign) { s.Key = "A\x00B" }, "signs[1].key", []string{"U+0000"}},
		{"last of the plane", func(s *qrcodes.Sign) { s.Title = "\uffff" }, "signs[1].title", []string{"U+FFFF"}},
		{"broken text", func(s *qrcodes.Sign) { s.Title = "王\xff" }, "signs[1].title", []string{"乱码"}},
		{"huge text", func(s *qrcodes.Sign) { s.Title = strings.Repeat("王", 100_000) }, "signs[1].title", []string{"太长"}},
		{"many lines", func(s *qrcodes.Sign) { s.Subtitle = make([]string, 9); fill(s.Subtitle) }, "signs[1].subtitle", []string{"最多"}},
		{"many purposes", func(s *qrcodes.Sign) { s.Purposes = make([]string, 9); fill(s.Purposes) }, "signs[1].purposes", []string{"最多"}},
		{"no title", func(s *qrcodes.Sign) { s.Title = " \n" }, "signs[1].title", []string{"没有名称"}},
		{"unknown kind", func(s *qrcodes.Sign) { s.Kind = "tent" }, "signs[1].kind", nil},
		{"no link", func(s *qrcodes.Sign) { s.URL = "" }, "signs[1].url", nil},
		{"broken image", func(s *qrcodes.Sign) { s.CodeImage = []byte(`{"errcode":40001}`) }, "signs[1].code_image", nil},
		{"cut image", func(s *qrcodes.Sign) { s.CodeImage = s.CodeImage[:len(s.CodeImage)/2] }, "signs[1].code_image", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bad := member()
			bad.CodeImage = round(t, asJPEG)
			c.spoil(&bad)
			_, err := sheets(t, []qrcodes.Sign{bad}, record.SignJob{})
			wantInvalid(t, err, strings.Replace(c.field, "[1]", "[0]", 1))
			good := record.Sign(member())
			f, err := qrcodes.Draw(t.Context(), []record.Sign{good, record.Sign(bad)}, record.SignJob{Template: record.SignSheet}, func(int, int) {})
			if err != nil || len(f.Failed) != 1 || len(pages(t, f.Data, "1", "9")) != 1 {
				t.Fatalf("beside a good one: %v, %+v", err, f.Failed)
			}
			if got := f.Failed[0]; got.Index != 1 || got.Field != c.field || got.Key != bad.Key {
				t.Errorf("left out is %+v", got)
			}
			for _, want := range c.says {
				if !strings.Contains(f.Failed[0].Message, want) {
					t.Errorf("%q does not say %q", f.Failed[0].Message, want)
				}
			}
		})
	}
	_, err := sheets(t, nil, record.SignJob{})
	wantInvalid(t, err, "signs")
	_, err = sheets(t, make([]qrcodes.Sign, 501), record.SignJob{})
	wantInvalid(t, err, "signs")
	_, err = sheets(t, []qrcodes.Sign{member()}, record.SignJob{Owner: strings.Repeat("长", 41)})
	wantInvalid(t, err, "owner")
	_, err = sheets(t, []qrcodes.Sign{member()}, record.SignJob{Owner: "\uE000"})
	wantInvalid(t, err, "owner", "U+E000")
}

// sheets draws whole A4 sheets.
func sheets(t *testing.T, signs []qrcodes.Sign, job record.SignJob) ([]byte, error) {
	t.Helper()
	list := make([]record.Sign, len(signs))
	for i, s := range signs {
		list[i] = record.Sign(s)
	}
	job.Template = record.SignSheet
	f, err := qrcodes.Draw(t.Context(), list, job, func(int, int) {})
	return f.Data, err
}

func fill(lines []string) {
	for i := range lines {
		lines[i] = "字"
	}
}

// Many different signs, each with its own link; bench has 300 with their time.
func TestManySigns(t *testing.T) {
	unraced(t)
	t.Parallel()
	need(t, "zbarimg", "pdftoppm")
	signs := make([]qrcodes.Sign, 40)
	for i := range signs {
		signs[i] = member()
		signs[i].Key = fmt.Sprintf("7KQ4M%03d", i)
		signs[i].URL = "https://mashang.example.gov.cn/q/" + signs[i].Key
	}
	pdf, err := sheets(t, signs, record.SignJob{})
	if err != nil {
		t.Fatal(err)
	}
	if len(pdf) > 1<<20 {
		t.Errorf("40 signs take %d bytes", len(pdf))
	}
	for _, n := range []int{1, 17, 40} {
		page := fmt.Sprint(n)
		if got := scan(t, pages(t, pdf, page, page)[0]); got[0] != signs[n-1].URL {
			t.Errorf("page %d reads %q, want %q", n, got, signs[n-1].URL)
		}
	}
}

// Sheets share one parsed font; concurrent drawing of equal signs gives equal documents.
func TestSheetsSideBySide(t *testing.T) {
	t.Parallel()
	results := make([][]byte, 4)
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() {
			pdf, err := sheets(t, []qrcodes.Sign{member()}, record.SignJob{})
			if err != nil {
				t.Error(err)
			}
			results[i] = pdf
		})
	}
	group.Wait()
	for _, pdf := range results[1:] {
		if !bytes.Equal(pdf, results[0]) {
			t.Error("the same sign gave two documents")
		}
	}
}
