package qrcodes

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // photos are JPEG
	_ "image/png"  // or PNG
	"slices"
	"strings"
	"time"

	"github.com/signintech/gopdf"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/qrcodes/linebreak"
)

// The dimensions of a dossier, in millimetres and points.
const (
	maxDossierPages = 80
	dossierBottom   = pageHeight - 20
	bodySize        = 11.0
	headSize        = 14.0
	titleSize       = 20.0
	spacing         = 1.55
	labelWidth      = 34.0
	photoWidth      = 120.0
	photoHeight     = 95.0
)

// document collects pages.
type document struct {
	*paper

	y     float64
	pages int
	foot  string
	// heading is the part that is being written.
	heading string
	gaps    []gap
}

// gap is a character that no font has, with its position.
type gap struct {
	char    rune
	heading string
	page    int
}

// Dossier returns a PDF of the file, A4, with as many pages as the texts need. A character that no font has is
// replaced by its number, and listed at the end. Errors: Invalid if it would have more than 80 pages or a photo
// cannot be decoded.
func Dossier(d record.Dossier, made time.Time) ([]byte, error) {
	p := newPaper()
	f := &document{paper: p, heading: d.Title}
	f.foot = f.printable(d.Foot)
	p.pdf.SetInfo(gopdf.PdfInfo{Title: d.Title, Creator: "码上", CreationDate: made})
	f.page()
	f.write(d.Title, titleSize, 0, inner, ink)
	f.y += 3
	for _, part := range d.Parts {
		f.part(part)
	}
	for i, x := range d.Exhibits {
		if err := f.exhibit(i+1, x); err != nil {
			return nil, err
		}
	}
	f.note()
	if f.pages > maxDossierPages {
		return nil, fault.New(fault.Invalid, "材料超过 %d 页，请精简后再试", maxDossierPages)
	}
	out, err := p.bytes()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "材料没有画成")
	}
	return out, nil
}

// page begins a new page, unless there are already too many.
func (f *document) page() {
	if f.pages++; f.pages > maxDossierPages || f.err != nil {
		return
	}
	f.pdf.AddPage()
	f.y = margin + 6
	f.line(fmt.Sprintf("%s　第 %d 页", f.foot, f.pages), margin, pageHeight-margin, 9, grey)
}

// room begins a new page if less than this height is left.
func (f *document) room(height float64) {
	if f.y+height > dossierBottom {
		f.page()
	}
}

// line writes one line with its middle at y.
func (f *document) line(text string, x, y, size float64, c colour) {
	if f.err != nil || text == "" || f.pages > maxDossierPages {
		return
	}
	f.text(text, x, y+middleHeight*size*mmPerPoint, size, c)
}

// printable replaces what no font has and records it for the note.
func (f *document) printable(text string) string {
	clean, lacks := f.composer.printable(text, named)
	for _, r := range lacks {
		f.remember(gap{r, f.heading, f.pages})
	}
	return clean
}

func (f *document) remember(g gap) {
	if len(f.gaps) < maxLacks && !slices.Contains(f.gaps, g) {
		f.gaps = append(f.gaps, g)
	}
}

// note lists at the end what could not be printed, and where.
func (f *document) note() {
	if len(f.gaps) == 0 {
		return
	}
	var order []rune
	places := map[rune][]string{}
	for _, g := range f.gaps {
		if places[g.char] == nil {
			order = append(order, g.char)
		}
		place := fmt.Sprintf("“%s”（第 %d 页）", g.heading, g.page)
		if g.page == 0 {
			place = "页脚"
		}
		places[g.char] = append(places[g.char], place)
	}
	f.room(24)
	f.y += 4
	f.write("打印说明", headSize, 0, inner, red)
	f.rule()
	f.write("以下字符无法打印，文中以〔U+编号〕标出：", bodySize, 0, inner, ink)
	for _, r := range order {
		f.write(codePoint(r)+"　见"+strings.Join(places[r], "、"), bodySize, 0, inner, ink)
	}
}

// write flows a text into a column, paragraph by paragraph. A right-to-left one is aligned to the right.
func (f *document) write(text string, size, left, width float64, c colour) {
	height := size * mmPerPoint * spacing
	for paragraph := range strings.SplitSeq(text, "\n") {
		paragraph, lacks := f.composer.printable(strings.Join(strings.Fields(paragraph), " "), named)
		right, begun := linebreak.RightToLeft([]rune(paragraph)), f.pages
		for _, line := range f.breakLines(paragraph, width/size) {
			if f.pages > maxDossierPages {
				return
			}
			f.room(height)
			x := margin + left
			if right {
				x += width - f.width(line)*size
			}
			f.line(line, x, f.y+height/2, size, c)
			f.y += height
			lacks = slices.DeleteFunc(lacks, func(r rune) bool {
				found := strings.Contains(line, codePoint(r))
				if found {
					f.remember(gap{r, f.heading, f.pages})
				}
				return found
			})
		}
		for _, r := range lacks {
			f.remember(gap{r, f.heading, begun})
		}
	}
}

// breakLines breaks a paragraph to a width in millimetres at one point of type size.
func (f *document) breakLines(paragraph string, width float64) []string {
	tokens := linebreak.Tokens(paragraph)
	widths := make([]float64, len(tokens))
	for i, token := range tokens {
		widths[i] = f.width(token)
	}
	lines, _ := linebreak.Fill(tokens, widths, width)
	return linebreak.Oriented(lines, paragraph)
}

func (f *document) part(part record.DossierPart) {
	f.room(24) // a heading is not alone at the foot of a page
	f.y += 4
	f.heading = part.Heading
	f.write(part.Heading, headSize, 0, inner, red)
	f.rule()
	for _, row := range part.Rows {
		height := bodySize * mmPerPoint * spacing
		f.room(height)
		f.line(f.printable(row[0]), margin, f.y+height/2, bodySize, grey)
		f.write(row[1], bodySize, labelWidth, inner-labelWidth, ink)
	}
	for _, text := range part.Paragraphs {
		f.write(text, bodySize, 0, inner, ink)
		f.y += 1.2
	}
}

// rule draws a thin line.
func (f *document) rule() {
	if f.err != nil {
		return
	}
	f.pdf.SetStrokeColor(red[0], red[1], red[2])
	f.pdf.SetLineWidth(0.3)
	f.pdf.Line(margin, f.y+0.5, margin+inner, f.y+0.5)
	f.y += 2.5
}

// exhibit shows a photo in its proportions, with its fingerprint.
func (f *document) exhibit(n int, x record.Exhibit) error {
	name := fmt.Sprintf("附件 %d　%s", n, x.Name)
	f.heading = fmt.Sprintf("附件 %d", n)
	if len(x.Photo) == 0 {
		f.room(14)
		f.y += 3
		f.write(name+"："+x.Note, bodySize, 0, inner, ink)
		return nil
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(x.Photo))
	if err != nil || config.Width == 0 || config.Height == 0 {
		return fault.New(fault.Invalid, "附件 %d 的照片打不开", n)
	}
	w := photoWidth
	h := w * float64(config.Height) / float64(config.Width)
	if h > photoHeight {
		w, h = photoHeight*float64(config.Width)/float64(config.Height), photoHeight
	}
	f.room(h + 22)
	f.y += 4
	f.write(name, bodySize, 0, inner, ink)
	if f.err == nil && f.pages <= maxDossierPages {
		var holder gopdf.ImageHolder
		if holder, f.err = gopdf.ImageHolderByBytes(x.Photo); f.err == nil {
			f.err = f.pdf.ImageByHolder(holder, margin, f.y+1, &gopdf.Rect{W: w, H: h})
		}
	}
	f.y += h + 2
	f.write("SHA-256 "+x.SHA256, 8, 0, inner, grey)
	if x.Note != "" {
		f.write(x.Note, 9, 0, inner, grey)
	}
	return nil
}
