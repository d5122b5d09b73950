package qrcodes

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font"

	"mashang/fault"
	"mashang/record"
)

const (
	// printDPI is of images that are printed, readDPI of those that are only read
	// back: a worse one than any camera's.
	printDPI = 200
	readDPI  = 110
	// MaxImages is how many images one archive holds at most: it stays below what a
	// job may make.
	MaxImages = 60
	maxDPI    = 400
)

// page is a finished page and the signs on it.
type page struct {
	*leaf

	names []string
}

// Draw makes the signs, in the order given, into a PDF or images. Each QR image
// is read back from the drawn pixels and compared with its address; one that does
// not read fails everything, under its sign's name. progress is told after each
// page; ctx ends the work between two.
// Nothing is drawn unless all signs, up to 500, can be printed in full.
// Errors: Invalid names the sign and what is wrong with it: a text that is
// missing, too long or holds a character the font lacks, a code image that
// cannot be opened, no sign at all or too many.
func Draw(ctx context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	p, pages, err := composed(signs, job)
	if err != nil {
		return record.SignFile{}, err
	}
	if job.PNG {
		return images(ctx, pages, job, progress)
	}
	return document(ctx, p, pages, job, progress)
}

// composed checks everything and arranges the pages.
func composed(signs []record.Sign, job record.SignJob) (*paper, []page, error) {
	if len(signs) == 0 || len(signs) > maxSigns {
		return nil, nil, invalid("signs", fmt.Sprintf("一次可以打印 1 到 %d 张码牌", maxSigns))
	}
	if !slices.Contains(record.SignTemplates, job.Template) {
		return nil, nil, invalid("template", "没有这种码牌样式，请重新选择")
	}
	if job.DPI < 0 || job.DPI > maxDPI {
		return nil, nil, invalid("dpi", fmt.Sprintf("图片精度最高 %d", maxDPI))
	}
	owner := strings.Join(strings.Fields(job.Owner), " ")
	if !utf8.ValidString(owner) || utf8.RuneCountInString(owner) > maxOwner {
		return nil, nil, invalid("owner", fmt.Sprintf("张贴单位最多 %d 个字", maxOwner))
	}
	p, err := newPaper()
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	list := make([]*art, len(signs))
	for i := range signs {
		if list[i], err = artOf(p, Sign(signs[i]).clean(), owner, i+1); err != nil {
			return nil, nil, err
		}
	}
	pages, err := arranged(p, list, job.Template)
	if err != nil {
		return nil, nil, err
	}
	if p.err != nil {
		return nil, nil, fault.Wrap(p.err, fault.Internal, "码牌没有画成")
	}
	if job.Crop {
		pages = cropped(pages)
	}
	return p, pages, nil
}

// arranged lays out the pages of a template.
func arranged(p *paper, list []*art, template string) ([]page, error) {
	measure := remembered(p.width)
	full := func(a *art) error {
		n := slices.Index(list, a) + 1
		return invalid(fmt.Sprintf("signs[%d]", n-1), a.name(n)+"的文字太多，这种样式放不下，请缩短，或换一种样式")
	}
	if template == record.SignNotice {
		leaves, names, wrong := notices(list, measure)
		if wrong != nil {
			return nil, full(wrong)
		}
		pages := make([]page, len(leaves))
		for i, l := range leaves {
			pages[i].leaf = l
			for _, a := range names[i] {
				pages[i].names = append(pages[i].names, a.Title)
			}
		}
		return pages, nil
	}
	make1 := map[string]func(*art, func(string) float64) (*leaf, bool){
		record.SignDoor: door, record.SignTable: table, record.SignSheet: sheet,
	}[template]
	pages := make([]page, len(list))
	for i, a := range list {
		l, ok := make1(a, measure)
		if !ok {
			return nil, full(a)
		}
		pages[i] = page{l, []string{a.Title}}
	}
	return pages, nil
}

// sheet is a whole A4 page.
func sheet(a *art, measure func(string) float64) (*leaf, bool) {
	l := newLeaf(pageWidth, pageHeight, measure)
	s := layout{sign: a.Sign, owner: a.owner, plain: a.plain, round: a.round}
	if !s.arrange(l) {
		return l, false
	}
	s.draw(l)
	for i := range l.marks {
		if m := &l.marks[i]; m.kind == markPicture && bytes.Equal(m.data, a.plain) {
			m.url = a.URL
		}
	}
	return l, true
}

// remembered keeps what texts measure: signs of one station say much the same.
func remembered(measure func(string) float64) func(string) float64 {
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

// cropped puts A5 pages on A4.
func cropped(pages []page) []page {
	var out []page
	for i := 0; i < len(pages); {
		n := 1
		if pages[i].w == doorWidth && i+1 < len(pages) && pages[i+1].w == doorWidth {
			n = 2
		}
		var leaves []*leaf
		var names []string
		for _, p := range pages[i : i+n] {
			leaves, names = append(leaves, p.leaf), append(names, p.names...)
		}
		out = append(out, page{impose(leaves)[0], names})
		i += n
	}
	return out
}

// checked draws a page as pixels and reads its codes back.
func checked(p page, dpi int, faces map[float64]font.Face) (*raster, error) {
	r, err := rasterise(p.leaf, dpi, faces)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	if err := r.readBack(); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "码牌“%s”画好后扫不出来，没有交付。请换一种样式再试，并把这件事告诉管理员", strings.Join(p.names, "、"))
	}
	return r, nil
}

func document(ctx context.Context, p *paper, pages []page, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	faces := map[float64]font.Face{}
	p.pdf.SetInfo(gopdf.PdfInfo{Title: "码上 码牌", Creator: "码上", CreationDate: job.Made})
	for i, x := range pages {
		if err := ctx.Err(); err != nil {
			return record.SignFile{}, err
		}
		if _, err := checked(x, readDPI, faces); err != nil {
			return record.SignFile{}, err
		}
		p.pdf.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: x.w, H: x.h}})
		p.put(x.leaf, 0, 0)
		progress(i+1, len(pages))
	}
	if p.err != nil {
		return record.SignFile{}, fault.Wrap(p.err, fault.Internal, "码牌没有画成")
	}
	data, err := p.pdf.GetBytesPdfReturnErr()
	if err != nil {
		return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	return record.SignFile{Ending: "pdf", Type: "application/pdf", Data: data}, nil
}

// images makes one image, or an archive of one a page.
func images(ctx context.Context, pages []page, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	if len(pages) > MaxImages {
		return record.SignFile{}, invalid("format", fmt.Sprintf("一次最多生成 %d 张图片，请少选一些，或改用 PDF", MaxImages))
	}
	dpi := job.DPI
	if dpi == 0 {
		dpi = printDPI
	}
	faces := map[float64]font.Face{}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for i, p := range pages {
		if err := ctx.Err(); err != nil {
			return record.SignFile{}, err
		}
		r, err := checked(p, dpi, faces)
		if err != nil {
			return record.SignFile{}, err
		}
		data, err := r.png()
		if err != nil {
			return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有画成")
		}
		if len(pages) == 1 {
			progress(1, 1)
			return record.SignFile{Ending: "png", Type: "image/png", Data: data}, nil
		}
		// Images are packed already.
		w, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%03d-%s.png", i+1, fileName(p.names)), Method: zip.Store, Modified: job.Made})
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有打包成")
		}
		progress(i+1, len(pages))
	}
	if err := z.Close(); err != nil {
		return record.SignFile{}, fault.Wrap(err, fault.Internal, "码牌没有打包成")
	}
	return record.SignFile{Ending: "zip", Type: "application/zip", Data: archive.Bytes()}, nil
}

// fileName is what a page's image is called: its first name, in letters that
// every system takes.
func fileName(names []string) string {
	name := strings.Map(func(r rune) rune {
		if r < 0x20 || strings.ContainsRune(`\/:*?"<>|. `, r) {
			return -1
		}
		return r
	}, names[0])
	if len(names) > 1 {
		name += "等"
	}
	return name
}

// artOf checks the n-th sign and makes its images.
func artOf(p *paper, s Sign, owner string, n int) (*art, error) {
	if err := s.check(n); err != nil {
		return nil, err
	}
	if owner == "" {
		owner = s.Station
	}
	if err := printable(p, s, owner, n); err != nil {
		return nil, err
	}
	modules, err := bitmap(s.URL)
	if err != nil {
		return nil, invalid(fmt.Sprintf("signs[%d].url", n-1), s.name(n)+"的网址是空的或太长，画不成二维码")
	}
	a := &art{Sign: s, owner: owner}
	if a.plain, err = encodePNG(modules, printScale, printScale*len(modules)); err != nil {
		return nil, err
	}
	if len(s.CodeImage) > 0 {
		a.round, err = roundCode(s, n)
	}
	return a, err
}

// printable refuses a text with a character the font lacks.
func printable(p *paper, s Sign, owner string, n int) error {
	for _, t := range append(s.texts(), text{field: "owner", label: "张贴单位", value: owner}) {
		r, lacks, err := missing(p.pdf, t.value)
		if err != nil {
			return fault.Wrap(err, fault.Internal, "码牌没有画成")
		}
		if lacks {
			return invalid(fmt.Sprintf("signs[%d].%s", n-1, t.field),
				fmt.Sprintf("%s的%s里有打印字库没有的字：%s，请换一种写法", s.name(n), t.label, describe(r)))
		}
	}
	return nil
}
