package qrcodes

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/signintech/gopdf"

	"mashang/domain/fault"
	"mashang/domain/record"
)

const (
	// printDPI is the resolution of printed images, readDPI of images for reading back only: worse than any
	// camera's.
	printDPI = 200
	readDPI  = 110
	// MaxImages is the maximum number of images in one archive, below the limit of a job.
	MaxImages = 60
	maxDPI    = 400
)

// page is a finished page with its signs.
type page struct {
	*canvas

	signs []*preparedSign
}

// batch is the result of an order: its pages, and the signs that were left out.
type batch struct {
	*paper

	pages  []page
	failed []record.SignFailure
}

// leaveOut records a sign that cannot be printed. It returns an error that is not about the sign.
func (b *batch) leaveOut(s Sign, n int, err error) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Invalid {
		return err
	}
	f := record.SignFailure{Index: n - 1, Key: s.Key, Title: s.Title, Message: e.Message}
	for _, x := range e.Fields {
		f.Field = x.Field
	}
	b.failed = append(b.failed, f)
	return nil
}

// emptyError is the error of a batch without any sign left. It names the fault of each.
func (b *batch) emptyError() error {
	const most = 20
	slices.SortStableFunc(b.failed, func(x, y record.SignFailure) int { return cmp.Compare(x.Index, y.Index) })
	e := fault.New(fault.Invalid, "")
	var words []string
	for i, f := range b.failed {
		if i == most {
			words = append(words, fmt.Sprintf("另有 %d 张", len(b.failed)-most))
			break
		}
		words = append(words, f.Message)
		e.Fields = append(e.Fields, fault.Field{Field: cmp.Or(f.Field, fmt.Sprintf("signs[%d]", f.Index)), Message: f.Message})
	}
	e.Message = strings.Join(words, "；")
	return e
}

// Draw prints the signs, in the given order, into a PDF or images. Each QR image is read back from the drawn
// pixels and compared with its address. A sign that cannot be printed in full or read back is left out and
// listed in the file's Failed with the reason: a text that is missing, too long or has a character that no font
// has, a code image that cannot be decoded. progress is called after each page; ctx ends the work between two.
// Errors: Invalid if nothing is left to print, with the fault of every sign, and for an order that is empty or
// has more than 500 signs.
func Draw(ctx context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	b, err := composePages(signs, job)
	if err != nil {
		return record.SignFile{}, err
	}
	draw := b.document
	if job.PNG {
		draw = b.images
	}
	f, err := draw(ctx, job, progress)
	if err != nil {
		return record.SignFile{}, err
	}
	slices.SortStableFunc(b.failed, func(x, y record.SignFailure) int { return cmp.Compare(x.Index, y.Index) })
	f.Failed = b.failed
	return f, nil
}

// composePages checks everything and lays out the pages.
func composePages(signs []record.Sign, job record.SignJob) (*batch, error) {
	if len(signs) == 0 || len(signs) > maxSigns {
		return nil, invalid("signs", fmt.Sprintf("一次可以打印 1 到 %d 张码牌", maxSigns))
	}
	if !slices.Contains(record.SignTemplates, job.Template) {
		return nil, invalid("template", "没有这种码牌样式，请重新选择")
	}
	if job.DPI < 0 || job.DPI > maxDPI {
		return nil, invalid("dpi", fmt.Sprintf("图片精度最高 %d", maxDPI))
	}
	b := &batch{paper: newPaper()}
	owner, err := b.orderText("owner", "张贴单位", job.Owner, maxOwner)
	if err != nil {
		return nil, err
	}
	headline, err := b.orderText("headline", "牌头", job.Headline, record.MaxHeadline)
	if err != nil {
		return nil, err
	}
	list := make([]*preparedSign, 0, len(signs))
	for i := range signs {
		s := Sign(signs[i]).clean()
		a, err := b.prepare(s, owner, i+1)
		if err != nil {
			if err = b.leaveOut(s, i+1, err); err != nil {
				return nil, err
			}
			continue
		}
		a.headline = cmp.Or(headline, headlines[a.Kind])
		list = append(list, a)
	}
	if err := b.arrange(list, job.Template); err != nil {
		return nil, err
	}
	if err := cmp.Or(b.err, b.composer.err); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	if len(b.pages) == 0 {
		return nil, b.emptyError()
	}
	if job.Crop {
		b.pages = cropped(b.pages)
	}
	return b, nil
}

// orderText returns a text of the whole order with normalized white space, or an error that names it.
func (b *batch) orderText(field, name, value string, most int) (string, error) {
	value = strings.Join(strings.Fields(value), " ")
	if !utf8.ValidString(value) || utf8.RuneCountInString(value) > most {
		return "", invalid(field, fmt.Sprintf("%s最多 %d 个字", name, most))
	}
	if lacks := b.lacking(value); len(lacks) > 0 {
		return "", invalid(field, name+"里有打印不出来的字："+describe(lacks)+"，请换一种写法")
	}
	return value, nil
}

// arrange lays out the pages of a template. A sign whose texts leave no room is left out.
func (b *batch) arrange(list []*preparedSign, template string) error {
	measure := cachedMeasure(b.width)
	full := func(a *preparedSign) error {
		return b.leaveOut(a.Sign, a.n, invalid(fmt.Sprintf("signs[%d]", a.n-1), a.name(a.n)+"的文字太多，这种样式放不下，请缩短，或换一种样式"))
	}
	if template == record.SignNotice {
		for {
			pages, wrong := notices(list, measure)
			if len(wrong) == 0 {
				b.pages = pages
				return nil
			}
			for _, a := range wrong {
				if err := full(a); err != nil {
					return err
				}
			}
			list = slices.DeleteFunc(list, func(a *preparedSign) bool { return slices.Contains(wrong, a) })
		}
	}
	make1 := map[string]func(*preparedSign, func(string) float64) (*canvas, bool){
		record.SignDoor: door, record.SignTable: table, record.SignSheet: sheet, record.SignPoster: poster, record.SignSticker: sticker,
	}[template]
	for _, a := range list {
		if l, ok := make1(a, measure); ok {
			b.pages = append(b.pages, page{l, []*preparedSign{a}})
		} else if err := full(a); err != nil {
			return err
		}
	}
	return nil
}

// sheet lays out a whole A4 page.
func sheet(a *preparedSign, measure func(string) float64) (*canvas, bool) {
	l := newCanvas(pageWidth, pageHeight, measure)
	s := layout{sign: a.Sign, owner: a.owner, headline: a.headline, plain: a.plain, round: a.round}
	if !s.arrange(l) {
		return l, false
	}
	s.draw(l)
	for i := range l.ops {
		if m := &l.ops[i]; m.kind == opPicture && bytes.Equal(m.data, a.plain) {
			m.url = a.URL
		}
	}
	return l, true
}

// cachedMeasure caches the widths of texts, as the signs of one station share most of them.
func cachedMeasure(measure func(string) float64) func(string) float64 {
	known := map[string]float64{}
	return func(text string) float64 {
		w, ok := known[text]
		if !ok {
			w = measure(text)
			known[text] = w
		}
		return w
	}
}

// checked draws a page as pixels and reads its codes back. If one cannot be read, it returns nil and the page's
// signs are left out.
func (b *batch) checked(p page, dpi int) (*raster, error) {
	r, err := rasterise(p.canvas, dpi, b.composer)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	if r.readBack() == nil {
		return r, nil
	}
	for _, a := range p.signs {
		err := b.leaveOut(a.Sign, a.n, fault.New(fault.Invalid, "%s画好后扫不出来，没有交付。请换一种样式再试，并把这件事告诉管理员", a.name(a.n)))
		if err != nil {
			return nil, err
		}
	}
	return nil, nil //nolint:nilnil // a page that is left out is no error
}

func (b *batch) document(ctx context.Context, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	b.pdf.SetInfo(gopdf.PdfInfo{Title: "码上 码牌", Creator: "码上", CreationDate: job.Made})
	written := 0
	for i, x := range b.pages {
		if err := ctx.Err(); err != nil {
			return record.SignFile{}, err
		}
		r, err := b.checked(x, readDPI)
		if err != nil {
			return record.SignFile{}, err
		}
		if r != nil {
			b.pdf.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: x.w, H: x.h}})
			b.put(x.canvas, 0, 0)
			written++
		}
		progress(i+1, len(b.pages))
	}
	if written == 0 {
		return record.SignFile{}, b.emptyError()
	}
	data, err := b.bytes()
	if err != nil {
		return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	return record.SignFile{Ending: "pdf", Type: "application/pdf", Data: data}, nil
}

// images makes one image, or an archive with one per page.
func (b *batch) images(ctx context.Context, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	if len(b.pages) > MaxImages {
		return record.SignFile{}, invalid("format", fmt.Sprintf("一次最多生成 %d 张图片，请少选一些，或改用 PDF", MaxImages))
	}
	dpi := job.DPI
	if dpi == 0 {
		dpi = printDPI
	}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	written := 0
	for i, p := range b.pages {
		if err := ctx.Err(); err != nil {
			return record.SignFile{}, err
		}
		r, err := b.checked(p, dpi)
		if err != nil {
			return record.SignFile{}, err
		}
		if r == nil {
			progress(i+1, len(b.pages))
			continue
		}
		data, err := r.png()
		if err != nil {
			return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有画成")
		}
		if len(b.pages) == 1 {
			progress(1, 1)
			return record.SignFile{Ending: "png", Type: "image/png", Data: data}, nil
		}
		// Images are already compressed.
		w, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%03d-%s.png", i+1, fileName(p.signs)), Method: zip.Store, Modified: job.Made})
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有打包成")
		}
		written++
		progress(i+1, len(b.pages))
	}
	if written == 0 {
		return record.SignFile{}, b.emptyError()
	}
	if err := z.Close(); err != nil {
		return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有打包成")
	}
	return record.SignFile{Ending: "zip", Type: "application/zip", Data: archive.Bytes()}, nil
}

// fileName is the name of a page's image: its first sign's name, in characters that every system accepts.
func fileName(signs []*preparedSign) string {
	name := strings.Map(func(r rune) rune {
		if r < 0x20 || ignorable(r) || strings.ContainsRune(`\/:*?"<>|. `, r) {
			return -1
		}
		return r
	}, signs[0].Title)
	if len(signs) > 1 {
		name += "等"
	}
	return name
}

// prepare checks the n-th sign and makes its images.
func (b *batch) prepare(s Sign, owner string, n int) (*preparedSign, error) {
	if err := s.check(n); err != nil {
		return nil, err
	}
	if owner == "" {
		owner = s.Station
	}
	if err := b.checkGlyphs(s, n); err != nil {
		return nil, err
	}
	modules, err := bitmap(s.URL)
	if err != nil {
		return nil, invalid(fmt.Sprintf("signs[%d].url", n-1), s.name(n)+"的网址是空的或太长，画不成二维码")
	}
	a := &preparedSign{Sign: b.tidy(s), n: n, owner: b.clear(owner)}
	if a.plain, err = encodePNG(modules, printScale, printScale*len(modules)); err != nil {
		return nil, err
	}
	if len(s.CodeImage) > 0 {
		a.round, err = roundCode(s, n)
	}
	return a, err
}

// tidy removes invisible characters from the sign's texts.
func (b *batch) tidy(s Sign) Sign {
	s.Title, s.Station, s.Phone, s.Key, s.Village = b.clear(s.Title), b.clear(s.Station), b.clear(s.Phone), b.clear(s.Key), b.clear(s.Village)
	for _, list := range []*[]string{&s.Subtitle, &s.Purposes} {
		*list = slices.Clone(*list)
		for i, v := range *list {
			(*list)[i] = b.clear(v)
		}
	}
	return s
}

func (b *batch) clear(text string) string {
	clean, _ := b.printable(text, named)
	return clean
}

// checkGlyphs refuses texts with characters that no font has, all at once.
func (b *batch) checkGlyphs(s Sign, n int) error {
	var words []string
	first := ""
	for _, t := range s.texts() {
		if lacks := b.lacking(t.value); len(lacks) > 0 {
			first = cmp.Or(first, t.field)
			words = append(words, t.label+"里有打印不出来的字："+describe(lacks))
		}
	}
	if len(words) == 0 {
		return nil
	}
	return invalid(fmt.Sprintf("signs[%d].%s", n-1, first), s.name(n)+"的"+strings.Join(words, "，")+"，请换一种写法")
}
