package qrcodes

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // photos are JPEG
	_ "image/png"  // or PNG
	"strings"
	"time"

	"github.com/signintech/gopdf"

	"mashang/fault"
	"mashang/record"
)

// The measures of a dossier, in millimetres and points.
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
	// replaced stands for a character that the font lacks.
	replaced = "□"
)

// flow writes down a page and goes on to the next.
type flow struct {
	*paper

	y     float64
	pages int
	foot  string
}

// Dossier returns a PDF of the file, A4, texts flowing over as many pages as they
// need. A character the font lacks is printed as □, and a note says so. Errors:
// Invalid when it would have more than 80 pages or a photo cannot be opened.
func Dossier(d record.Dossier, made time.Time) ([]byte, error) {
	p, err := newPaper()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "材料没有画成")
	}
	f := &flow{paper: p, foot: d.Foot}
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
	switch {
	case f.pages > maxDossierPages:
		return nil, fault.New(fault.Invalid, "材料超过 %d 页，请精简后再试", maxDossierPages)
	case p.err != nil:
		return nil, fault.Wrap(p.err, fault.Internal, "材料没有画成")
	}
	out, err := p.pdf.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "材料没有画成")
	}
	return out, nil
}

// page begins a new page, unless there are too many already.
func (f *flow) page() {
	if f.pages++; f.pages > maxDossierPages || f.err != nil {
		return
	}
	f.pdf.AddPage()
	f.y = margin + 6
	f.line(fmt.Sprintf("%s　第 %d 页", f.printable(f.foot), f.pages), margin, pageHeight-margin, 9, grey)
}

// room makes sure that so much fits below.
func (f *flow) room(height float64) {
	if f.y+height > dossierBottom {
		f.page()
	}
}

// line writes one line, its middle at y.
func (f *flow) line(text string, x, y, size float64, c colour) {
	if f.err != nil || text == "" || f.pages > maxDossierPages {
		return
	}
	f.pdf.SetTextColor(c[0], c[1], c[2])
	if f.err = f.pdf.SetFontSize(size); f.err != nil {
		return
	}
	f.pdf.SetXY(x, y+middle*size*mmPerPoint)
	f.err = f.pdf.Text(text)
}

// printable replaces what the font cannot draw.
func (f *flow) printable(text string) string {
	_, lacks, err := missing(f.pdf, text)
	if f.err == nil {
		f.err = err
	}
	if err != nil || !lacks {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		_, lacks, err := missing(f.pdf, string(r))
		if err != nil || lacks {
			b.WriteString(replaced)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// write flows a text into a column, paragraph by paragraph.
func (f *flow) write(text string, size, left, width float64, c colour) {
	height := size * mmPerPoint * spacing
	for paragraph := range strings.SplitSeq(text, "\n") {
		paragraph = f.printable(strings.Join(strings.Fields(paragraph), " "))
		tokens := tokenise(paragraph)
		widths := make([]float64, len(tokens))
		for i, token := range tokens {
			widths[i] = f.width(token)
		}
		lines, _ := fill(tokens, widths, width/size)
		for _, line := range lines {
			if f.pages > maxDossierPages {
				return
			}
			f.room(height)
			f.line(line, margin+left, f.y+height/2, size, c)
			f.y += height
		}
	}
}

func (f *flow) part(part record.DossierPart) {
	f.room(24) // a heading does not stand alone at the foot of a page
	f.y += 4
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
func (f *flow) rule() {
	if f.err != nil {
		return
	}
	f.pdf.SetStrokeColor(red[0], red[1], red[2])
	f.pdf.SetLineWidth(0.3)
	f.pdf.Line(margin, f.y+0.5, margin+inner, f.y+0.5)
	f.y += 2.5
}

// exhibit shows a photo in its proportions, with its fingerprint.
func (f *flow) exhibit(n int, x record.Exhibit) error {
	name := fmt.Sprintf("附件 %d　%s", n, x.Name)
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
