package qrcodes_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/qrcodes"
)

// several are members of two villages, some with the platform's code.
func several(t *testing.T, n int) []record.Sign {
	t.Helper()
	rings := round(t, asPNG)
	names := []string{"王𫖯", "陈一", "阿依努尔·买买提", "ئابدۇرەھمان ئابدۇكېرىم ئوغلى", "བཀྲ་ཤིས་སྒྲོལ་མ", "𠮷野😀"}
	list := make([]record.Sign, n)
	for i := range list {
		s := record.Sign(member())
		s.Title, s.Village = names[i%len(names)], []string{"柳湾村", "上渡村"}[i%2]
		s.Key = fmt.Sprintf("7kq4m2x%03d", i)
		s.URL = "https://mashang.example.gov.cn/q/" + s.Key
		s.Demo = i%3 == 2
		if i%4 == 3 {
			s.CodeImage = rings
		}
		list[i] = s
	}
	return list
}

func drawn(t *testing.T, signs []record.Sign, job record.SignJob) record.SignFile {
	t.Helper()
	told := 0
	f, err := qrcodes.Draw(t.Context(), signs, job, func(done, total int) {
		if done != told+1 || done > total {
			t.Errorf("%d of %d after %d", done, total, told)
		}
		told = done
	})
	if err != nil {
		t.Fatal(err)
	}
	if told == 0 {
		t.Error("nothing was told of progress")
	}
	return f
}

// plainLinks are the links that a reader must find: those of the signs whose plain code is printed.
func plainLinks(signs []record.Sign, template string) []string {
	var want []string
	for _, s := range signs {
		if template == record.SignNotice && s.CodeImage != nil {
			continue // the platform's code alone
		}
		want = append(want, s.URL)
		if template == record.SignTable && s.CodeImage == nil {
			want = append(want, s.URL) // on both faces
		}
	}
	slices.Sort(want)
	return want
}

func scanAll(t *testing.T, files []string) []string {
	t.Helper()
	var got []string
	for _, f := range files {
		got = append(got, scan(t, f)...)
	}
	slices.Sort(got)
	return got
}

// Every template, as a PDF and as images, is read with an independent reader.
func TestTemplatesAreReadBack(t *testing.T) {
	unraced(t)
	t.Parallel()
	need(t, "zbarimg", "pdftoppm")
	signs := several(t, 6)
	for template, count := range map[string]int{
		record.SignDoor: 6, record.SignTable: 6, record.SignNotice: 2, record.SignSheet: 6, record.SignPoster: 6, record.SignSticker: 6,
	} {
		for _, crop := range []bool{false, true} {
			t.Run(fmt.Sprint(template, crop), func(t *testing.T) {
				t.Parallel()
				n := count
				if crop && (template == record.SignDoor || template == record.SignTable) {
					n = count / 2
				}
				if crop && template == record.SignSticker {
					n = 2 // four on each
				}
				job := record.SignJob{Template: template, Crop: crop}
				f := drawn(t, signs, job)
				files := pages(t, f.Data, "1", "99")
				if f.Ending != "pdf" || f.Type != "application/pdf" || len(files) != n {
					t.Errorf("%s of %d pages, want %d", f.Ending, len(files), n)
				}
				if got, want := scanAll(t, files), plainLinks(signs, template); !slices.Equal(got, want) {
					t.Errorf("the PDF reads\n%v, want\n%v", got, want)
				}
				job.PNG = true
				f = drawn(t, signs, job)
				files = unzipped(t, f.Data)
				if f.Ending != "zip" || f.Type != "application/zip" || len(files) != n {
					t.Errorf("%s of %d images, want %d", f.Ending, len(files), n)
				}
				if got, want := scanAll(t, files), plainLinks(signs, template); !slices.Equal(got, want) {
					t.Errorf("the images read\n%v, want\n%v", got, want)
				}
			})
		}
	}
}

func unzipped(t *testing.T, data []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	for i, f := range z.File {
		if !strings.HasSuffix(f.Name, ".png") || strings.ContainsAny(f.Name, `/\:`) {
			t.Errorf("a file is called %q", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, fmt.Sprint(i, ".png"))
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	return files
}

// One sign gives one image, of the size of its paper.
func TestOneImage(t *testing.T) {
	unraced(t)
	t.Parallel()
	for template, size := range map[string][2]float64{
		record.SignDoor: {148, 210}, record.SignTable: {148, 210}, record.SignNotice: {210, 297}, record.SignSheet: {210, 297},
	} {
		f := drawn(t, several(t, 1), record.SignJob{Template: template, PNG: true, DPI: 100})
		img, err := png.Decode(bytes.NewReader(f.Data))
		if err != nil || f.Ending != "png" || f.Type != "image/png" {
			t.Fatal(template, f.Ending, err)
		}
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		if dw, dh := float64(w)/100*25.4-size[0], float64(h)/100*25.4-size[1]; dw*dw+dh*dh > 0.1 {
			t.Errorf("%s is %d by %d pixels", template, w, h)
		}
		if !bytes.Contains(f.Data[:64], []byte("pHYs")) {
			t.Errorf("%s does not say how large it is printed", template)
		}
	}
}

func TestTemplatesSayWhatTheyMust(t *testing.T) {
	t.Parallel()
	need(t, "pdftotext")
	s := record.Sign(member())
	s.Village, s.Demo = "柳湾村", true
	for _, template := range record.SignTemplates {
		text := words(t, drawn(t, []record.Sign{s}, record.SignJob{Template: template, Owner: "政协联络组", Made: time.Unix(1_790_000_000, 0)}).Data)
		want := []string{"王秀英", "文化旅游界", "黄河沿镇政协委员工作站", "0930-6221234", "7KQ4M2XD", "微信扫一扫", "演示", "张贴单位：政协联络组"}
		switch template {
		case record.SignSheet:
			want = append(want, "我们不收费")
		case record.SignPoster, record.SignSticker: // no room for the steps beside a code that is large enough
			want = append(want, "我们从不收费，也从不问密码")
		default:
			want = append(want, "我们从不收费，也从不问密码", "说您的事", "等委员答复")
		}
		if template == record.SignNotice {
			want = append(want, "柳湾村")
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %s: %s", template, w, text)
			}
		}
	}
}

// A sign with texts of any length within the limits fits on every template.
func TestTheFullestSignFits(t *testing.T) {
	t.Parallel()
	full := record.Sign(crowded(round(t, asJPEG)))
	full.Village = strings.Repeat("村", 30)
	plain := full
	plain.CodeImage = nil
	for _, template := range record.SignTemplates {
		job := record.SignJob{Template: template, Owner: strings.Repeat("站", 40)}
		if _, err := qrcodes.Draw(t.Context(), []record.Sign{full, plain}, job, func(int, int) {}); err != nil {
			t.Errorf("%s: %v", template, err)
		}
	}
}

func TestDrawRefuses(t *testing.T) {
	t.Parallel()
	draw := func(signs []record.Sign, job record.SignJob) error {
		_, err := qrcodes.Draw(t.Context(), signs, job, func(int, int) {})
		return err
	}
	good := several(t, 2)
	door := record.SignJob{Template: record.SignDoor}
	wantInvalid(t, draw(nil, door), "signs")
	wantInvalid(t, draw(make([]record.Sign, 501), door), "signs")
	wantInvalid(t, draw(good, record.SignJob{Template: "banner"}), "template")
	wantInvalid(t, draw(good, record.SignJob{Template: record.SignDoor, Owner: strings.Repeat("长", 41)}), "owner")
	wantInvalid(t, draw(good, record.SignJob{Template: record.SignDoor, DPI: 1200, PNG: true}), "dpi")
	wantInvalid(t, draw(several(t, qrcodes.MaxImages+1), record.SignJob{Template: record.SignDoor, PNG: true}), "format", "PDF")
}

// TestOneSignStopsNoOther: in every template, as a PDF and as images, the printable signs are printed, and all
// others are named at once.
func TestOneSignStopsNoOther(t *testing.T) {
	unraced(t)
	t.Parallel()
	need(t, "zbarimg", "pdftoppm")
	for _, template := range record.SignTemplates {
		for _, images := range []bool{false, true} {
			t.Run(fmt.Sprint(template, images), func(t *testing.T) {
				t.Parallel()
				signs := several(t, 6)
				for i := range signs {
					signs[i].CodeImage, signs[i].Village = nil, "柳湾村"
				}
				signs[1].Title = "王\uE000"
				signs[2].Phone = strings.Repeat("1", 99)
				signs[4].CodeImage = []byte("no picture")
				f := drawn(t, signs, record.SignJob{Template: template, PNG: images})
				var left []int
				for _, x := range f.Failed {
					left = append(left, x.Index)
					if !strings.Contains(x.Message, fmt.Sprintf("第 %d 张", x.Index+1)) || x.Key != signs[x.Index].Key {
						t.Errorf("%+v", x)
					}
				}
				if !slices.Equal(left, []int{1, 2, 4}) || !strings.Contains(f.Failed[0].Message, "U+E000") {
					t.Errorf("left out are %+v", f.Failed)
				}
				var got []string
				switch f.Ending {
				case "zip":
					got = scanAll(t, unzipped(t, f.Data))
				case "png":
					got = scanBytes(t, f.Data)
				default:
					got = scanAll(t, pages(t, f.Data, "1", "99"))
				}
				slices.Sort(got)
				if want := []string{signs[0].URL, signs[3].URL, signs[5].URL}; !slices.Equal(slices.Compact(got), want) {
					t.Errorf("the file reads %v, want %v", got, want)
				}
			})
		}
	}
	all := several(t, 3)
	for i := range all {
		all[i].Title = "王\uE000"
	}
	_, err := qrcodes.Draw(t.Context(), all, record.SignJob{Template: record.SignDoor}, func(int, int) {})
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Invalid || len(e.Fields) != 3 || strings.Count(e.Message, "U+E000") != 3 {
		t.Errorf("when none can be printed: %v", err)
	}
}

// Drawing stops when ctx ends.
func TestDrawIsCancelled(t *testing.T) {
	t.Parallel()
	for _, images := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		last := 0
		_, err := qrcodes.Draw(ctx, several(t, 5), record.SignJob{Template: record.SignDoor, PNG: images, DPI: 100}, func(done, _ int) {
			if last = done; done == 2 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || last != 2 {
			t.Errorf("images %v: %v after %d", images, err, last)
		}
	}
}

// A code that does not read as its own address is refused.
func TestReadBack(t *testing.T) {
	t.Parallel()
	const url = "https://mashang.example.gov.cn/q/7kq4m2xd00"
	image := func(of string) []byte {
		data, err := qrcodes.PNG(of, 400)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for _, turned := range []bool{false, true} {
		if !qrcodes.ReadsBack(image(url), url, turned) {
			t.Errorf("turned %v: its own code does not read", turned)
		}
		if qrcodes.ReadsBack(image(url+"1"), url, turned) {
			t.Errorf("turned %v: another's code passes", turned)
		}
		if qrcodes.ReadsBack(round(t, asPNG), url, turned) {
			t.Errorf("turned %v: no code at all passes", turned)
		}
	}
}

// unraced skips a test of one goroutine that processes pixel by pixel: under the race detector it takes minutes
// and there is nothing to find. make race runs it without the detector.
func unraced(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("one goroutine and many pixels: runs without the race detector")
	}
}
