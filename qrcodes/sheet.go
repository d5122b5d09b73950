package qrcodes

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/signintech/gopdf"

	"mashang/fault"
)

// SheetOptions says what is common to all sheets of one print.
type SheetOptions struct {
	// Owner is the body named at the foot of every sheet as the one that put it
	// up; empty names each sign's own station.
	Owner string
	// Made is written into the document's properties; zero leaves it out.
	Made time.Time
}

// Sheets returns a PDF with one A4 page a sign, in the order given, up to 500.
// Nothing is drawn unless all signs can be printed in full.
// Errors: Invalid names the sign and what is wrong with it: a text that is
// missing, too long or holds a character the font lacks, a code image that
// cannot be opened, no sign at all or too many.
func Sheets(signs []Sign, opts SheetOptions) ([]byte, error) {
	if len(signs) == 0 || len(signs) > maxSigns {
		return nil, invalid("signs", fmt.Sprintf("一次可以打印 1 到 %d 张码牌", maxSigns))
	}
	p, err := newPaper()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	layouts := make([]layout, len(signs))
	owner := strings.Join(strings.Fields(opts.Owner), " ")
	if !utf8.ValidString(owner) || utf8.RuneCountInString(owner) > maxOwner {
		return nil, invalid("owner", fmt.Sprintf("张贴单位最多 %d 个字", maxOwner))
	}
	for i, sign := range signs {
		sign = sign.clean()
		if layouts[i], err = plan(p, sign, owner, i+1); err != nil {
			return nil, err
		}
	}
	p.pdf.SetInfo(gopdf.PdfInfo{Title: "码上 码牌", Creator: "码上", CreationDate: opts.Made})
	for _, l := range layouts {
		p.pdf.AddPage()
		l.draw(p)
	}
	if p.err != nil {
		return nil, fault.Wrap(p.err, fault.Internal, "码牌没有画成")
	}
	out, err := p.pdf.GetBytesPdfReturnErr()
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "码牌没有画成")
	}
	return out, nil
}

// plan checks the n-th sign and arranges its texts and images.
func plan(p *paper, s Sign, owner string, n int) (layout, error) {
	a, err := artOf(p, s, owner, n)
	if err != nil {
		return layout{}, err
	}
	l := layout{sign: s, owner: a.owner, plain: a.plain, round: a.round}
	if !l.arrange(p) {
		return layout{}, invalid(fmt.Sprintf("signs[%d]", n-1), s.name(n)+"的文字太多，一页放不下，请缩短")
	}
	return l, p.err
}
