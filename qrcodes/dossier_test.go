package qrcodes_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strconv"
	"strings"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/qrcodes"
)

var made = time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)

// photo is a JPEG of the size.
func photo(tb testing.TB, w, h int) []byte {
	tb.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			img.Set(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func dossier(tb testing.TB) record.Dossier {
	tb.Helper()
	return record.Dossier{
		Title: "诉求材料", Foot: "临江镇委员工作站　260715-0001",
		Parts: []record.DossierPart{
			{Heading: "基本情况", Rows: [][2]string{
				{"受理编号", "260715-0001"},
				{"受理单位", "临江镇委员工作站，电话 0930-0000001"},
				{"类型", "游客投诉"},
				{"地点", "东岸停车场出口第二个收费亭旁边，靠近游客中心一侧的人行道，距离观景台大约二百米的地方"},
				{"涉及金额", "20.00 元"},
			}},
			{Heading: "反映内容", Paragraphs: []string{"停车场多收了二十元，票也不给。\n收费员说不交就不抬杆，后面还堵着十几辆车。WiFi 也要收费 ABC123。"}},
			{Heading: "办理经过", Paragraphs: []string{"2026-07-15 09:00　游客提交了投诉", "2026-07-15 09:20　马晓舟委员答复：正在核实"}},
		},
		Exhibits: []record.Exhibit{
			{Name: "提交时的照片 1", SHA256: strings.Repeat("ab", 32), Photo: photo(tb, 800, 600)},
			{Name: "提交时的照片 2", SHA256: strings.Repeat("cd", 32), Photo: photo(tb, 300, 900)},
			{Name: "提交时的语音", Note: "语音 12 秒，由受理单位保存，可索取"},
		},
	}
}

func TestDossierSaysEverything(t *testing.T) {
	unraced(t)
	t.Parallel()
	need(t, "pdftotext", "pdftoppm")
	d := dossier(t)
	d.Parts[1].Paragraphs = append(d.Parts[1].Paragraphs, "罕见字😀\uE000在这里", strings.Repeat("这是一段很长的话，要占好几行。", 120))
	pdf, err := qrcodes.Dossier(d, made)
	if err != nil {
		t.Fatal(err)
	}
	text := words(t, pdf)
	for _, want := range []string{
		"诉求材料", "受理编号", "260715-0001", "停车场多收了二十元", "WiFi 也要收费 ABC123", "马晓舟委员答复", "附件 1", "附件 3",
		strings.Repeat("ab", 32), "语音 12 秒", "罕见字😀〔U+E000〕在这里", "以下字符无法打印", "U+E000见“反映内容”（第1页）", "第 1 页", "第 2 页",
	} {
		if !strings.Contains(text, strings.Join(strings.Fields(want), "")) {
			t.Errorf("%q is not in it:\n%s", want, text)
		}
	}
	for i := range 9 { // a sentence may go over to the next page
		text = strings.ReplaceAll(text, strings.Join(strings.Fields(d.Foot), "")+"第"+strconv.Itoa(i)+"页", "")
	}
	if n := strings.Count(text, "这是一段很长的话"); n != 120 {
		t.Errorf("%d of 120 sentences are there", n)
	}
	if n := len(pages(t, pdf, "1", "9")); n != 3 {
		t.Errorf("%d pages", n)
	}
	again, err := qrcodes.Dossier(d, made)
	if err != nil || len(again) != len(pdf) {
		t.Errorf("the same file is %d and %d bytes, %v", len(pdf), len(again), err)
	}
}

func TestDossierRefuses(t *testing.T) {
	t.Parallel()
	d := dossier(t)
	d.Exhibits[0].Photo = []byte("no photo")
	if _, err := qrcodes.Dossier(d, made); !fault.Is(err, fault.Invalid) {
		t.Errorf("a broken photo: %v", err)
	}
	d = dossier(t)
	d.Parts[1].Paragraphs = []string{strings.Repeat("没完没了的话。", 60_000)}
	if _, err := qrcodes.Dossier(d, made); !fault.Is(err, fault.Invalid) {
		t.Errorf("a book: %v", err)
	}
	if pdf, err := qrcodes.Dossier(record.Dossier{}, made); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("an empty one: %v", err)
	}
}

func FuzzDossier(f *testing.F) {
	f.Add("标题", "一段话\n又一段", "值")
	f.Add("", "\x00\xff\u202e", strings.Repeat("长", 300))
	f.Add("ئابدۇرەھمان", "他说“پۇلى (100 يۈەن)”。 བསྒྲུབས་ཨོཾ", "👨‍👩‍👧1️⃣🇨🇳 ᠮᠣᠩᠭᠣᠯ")
	f.Add("停"+strings.Repeat("\u0335\u0489", 60), strings.Repeat("\u200d", 90), strings.Repeat("\u0f90", 90)+"\u0600\u0600")
	f.Fuzz(func(t *testing.T, title, text, value string) {
		if len(title)+len(text)+len(value) > 3_000 {
			return
		}
		pdf, err := qrcodes.Dossier(record.Dossier{
			Title: title, Foot: value,
			Parts: []record.DossierPart{{Heading: title, Rows: [][2]string{{value, text}}, Paragraphs: []string{text, value}}},
		}, made)
		if fault.Is(err, fault.Invalid) {
			return
		}
		if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Errorf("%v", err)
		}
	})
}
