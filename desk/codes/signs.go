package codes

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"mashang/desk/jobs"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

const (
	// maxImageRequests is how many round codes are requested from the platform concurrently.
	maxImageRequests = 4
	// maxSigns is how many signs one order makes.
	maxSigns = 500
	// previewDPI is the resolution of previews on a screen. At posterDPI the image of a poster (A3) is as wide as that of
	// an A4 sheet at previewDPI.
	previewDPI = 96
	posterDPI  = 68
	// previewCells is how many codes the preview of a notice shows.
	previewCells = 9
)

// SignOrder says which signs to make, and how. Filters are ANDed. Without a filter all codes in use are
// printed; for a notice those of members.
type SignOrder struct {
	// Template is one of record.SignTemplates.
	Template string
	Keys     []string
	Kinds    []station.TargetKind
	Village  string
	// Plain prints the plain-link code only, not the platform's round one.
	Plain bool
	// Crop puts signs smaller than A4 on A4 sheets with cutting marks.
	Crop bool
	// PNG makes images instead of a PDF.
	PNG bool
	// Headline is the station's own instead of that of each kind, "" for none.
	Headline string
}

// Check checks the order itself.
func (o SignOrder) Check() error {
	var f fault.Check
	f.Require(slices.Contains(record.SignTemplates, o.Template), "template", "没有这种码牌样式，请重新选择")
	f.Require(len(o.Keys) <= maxSigns, "keys", "一次最多 %d 张码牌，请分几次", maxSigns)
	f.Require(casework.Runes(casework.Clean(o.Headline)) <= record.MaxHeadline, "headline", "牌头最多 %d 个字", record.MaxHeadline)
	for _, k := range o.Kinds {
		f.Require(slices.Contains(station.TargetKinds, k), "kinds", "没有这种码，请重新选择")
	}
	return f.Err()
}

// Signs starts a job that makes signs of the caller's station. Each drawn code is read back before the file is
// handed out. A sign that cannot be printed is left out and listed in the job.
func (svc *Service) Signs(ctx context.Context, c access.Caller, o SignOrder) (record.Job, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return record.Job{}, err
	}
	if err := o.Check(); err != nil {
		return record.Job{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return record.Job{}, err
	}
	codes, err := svc.ordered(ctx, st, o)
	if err != nil {
		return record.Job{}, err
	}
	return svc.jobs.StartJob(ctx, c, "signs", func(ctx context.Context, progress jobs.Progress) (jobs.Product, error) {
		f, err := svc.drawSigns(ctx, st, codes, o, 0, progress)
		if err != nil {
			return jobs.Product{}, err
		}
		name := st.Name + signNames[o.Template] + svc.kit.Now().In(station.Zone).Format("20060102") + "." + f.Ending
		p := jobs.Product{Name: name, Type: f.Type, Data: f.Data}
		for _, x := range f.Failed {
			p.LeftOut = append(p.LeftOut, record.JobGap{Name: x.Title, Message: x.Message})
		}
		return p, nil
	})
}

// signNames are the templates in Chinese.
var signNames = map[string]string{
	record.SignDoor: "门牌", record.SignNotice: "公示牌", record.SignTable: "桌牌", record.SignSheet: "码牌", record.SignPoster: "海报", record.SignSticker: "贴纸",
}

// SignImage draws one sign for a screen, or the notice of its village.
func (svc *Service) SignImage(ctx context.Context, c access.Caller, key string, o SignOrder) (Drawing, error) {
	code, err := svc.ownCode(ctx, c, key)
	if err != nil {
		return Drawing{}, err
	}
	if err := o.Check(); err != nil {
		return Drawing{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Drawing{}, err
	}
	o.PNG, o.Keys, o.Kinds, o.Village, o.Crop = true, []string{code.Key}, nil, "", false
	if o.Template == record.SignNotice && code.Target.Kind == station.ForMember {
		o.Keys, o.Village = nil, st.Village(code.Target)
	}
	codes, err := svc.ordered(ctx, st, o)
	if err != nil {
		return Drawing{}, err
	}
	codes = slices.DeleteFunc(codes, func(other station.Code) bool { return st.Village(other.Target) != st.Village(code.Target) })
	dpi := previewDPI
	if o.Template == record.SignPoster {
		dpi = posterDPI
	}
	f, err := svc.drawSigns(ctx, st, codes[:min(len(codes), previewCells)], o, dpi, func(int, int) {})
	return Drawing{f.Type, f.Data}, err
}

// ordered returns the codes of an order, in printing order.
func (svc *Service) ordered(ctx context.Context, st *station.Station, o SignOrder) ([]station.Code, error) {
	all, err := svc.store.Codes(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	kinds := o.Kinds
	if o.Template == record.SignNotice && len(kinds) == 0 && len(o.Keys) == 0 {
		kinds = []station.TargetKind{station.ForMember}
	}
	list := make([]station.Code, 0, len(all))
	for _, c := range all {
		_, ok := st.Resolve(c.Target)
		if ok && !c.Revoked && (len(kinds) == 0 || slices.Contains(kinds, c.Target.Kind)) &&
			(len(o.Keys) == 0 || slices.Contains(o.Keys, c.Key)) && (o.Village == "" || st.Village(c.Target) == o.Village) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b station.Code) int {
		return cmp.Or(cmp.Compare(a.Target.Kind, b.Target.Kind), cmp.Compare(a.Target.ID, b.Target.ID),
			cmp.Compare(b.CreatedAt, a.CreatedAt), cmp.Compare(a.Key, b.Key))
	})
	if o.Template == record.SignNotice && len(o.Keys) == 0 {
		// Each target once, with its newest code.
		list = slices.CompactFunc(list, func(a, b station.Code) bool { return a.Target == b.Target })
	}
	var f fault.Check
	f.Require(len(list) > 0, "keys", "没有要打印的码：可能已经停用，请重新选择")
	f.Require(len(list) <= maxSigns, "keys", "一次最多 %d 张码牌，请按种类或村分几次", maxSigns)
	return list, f.Err()
}

// drawSigns fetches the platform's codes, then draws the signs. Each is half of the progress.
func (svc *Service) drawSigns(ctx context.Context, st *station.Station, codes []station.Code, o SignOrder, dpi int, progress jobs.Progress) (record.SignFile, error) {
	total := 2 * len(codes)
	progress(0, total)
	signs := make([]record.Sign, len(codes))
	var ready atomic.Int64
	work, working := errgroup.WithContext(ctx)
	work.SetLimit(maxImageRequests)
	for i, c := range codes {
		signs[i] = SignOf(st, c, svc.URL(c.Key))
		signs[i].Demo = svc.kit.Config.Emulated
		if o.Plain {
			continue
		}
		work.Go(func() error {
			image, err := svc.CodeImage(working, c.Key)
			if err != nil {
				return fmt.Errorf("code image of a sign: %w", err)
			}
			signs[i].CodeImage = image.Data
			progress(int(ready.Add(1)), total)
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		if ctx.Err() != nil {
			return record.SignFile{}, ctx.Err()
		}
		return record.SignFile{}, fault.Wrap(err, fault.Unavailable, "取小程序码失败，请稍后再试，或改选普通二维码")
	}
	job := record.SignJob{Template: o.Template, Headline: o.Headline, PNG: o.PNG, Crop: o.Crop, DPI: dpi, Made: svc.kit.Now()}
	return svc.painter.Signs(ctx, signs, job, func(done, pages int) {
		progress(len(codes)+done*len(codes)/max(pages, 1), total)
	})
}

// SignOf returns what is printed of a code.
func SignOf(st *station.Station, c station.Code, url string) record.Sign {
	name, _ := st.Resolve(c.Target)
	s := record.Sign{
		Kind: string(c.Target.Kind), Title: name, Station: st.Name, Phone: st.Phone, Village: st.Village(c.Target),
		Purposes: make([]string, len(casework.Kinds)), URL: url, Key: c.Key,
	}
	for i, k := range casework.Kinds {
		s.Purposes[i] = k.Chinese()
	}
	if m, ok := st.Member(c.Target.ID); ok && c.Target.Kind == station.ForMember {
		line := m.Sector + "界别"
		if m.Village != "" {
			line += " · " + m.Village
		}
		s.Subtitle = append(s.Subtitle, line)
		if m.Title != "" {
			s.Subtitle = append(s.Subtitle, m.Title)
		}
		if len(m.Expertise) > 0 {
			s.Subtitle = append(s.Subtitle, "熟悉："+strings.Join(m.Expertise, "、"))
		}
	} else if r, ok := st.Reception(c.Target.ID); ok && c.Target.Kind == station.ForReception {
		s.Subtitle, s.Purposes = receptionLines(st, r), []string{"看日子", "看谁来", "约时间", "也能写给站里"}
	} else if s.Village != "" {
		s.Subtitle = append(s.Subtitle, s.Village)
	}
	return s
}

// receptionLines are the lines of a rule's sign: its days, its hours and its place. Days in more words than a line
// has are behind the code.
func receptionLines(st *station.Station, r station.Reception) []string {
	card := ReceptionCardOf(st, r)
	lines := []string{card.Days + " " + card.Hours}
	if casework.Runes(lines[0]) > record.MaxSignLine {
		lines = []string{"日期见扫码后的页面", card.Hours}
	}
	if r.Target().Kind == station.ForStation {
		return lines // its name is at the head of the sign
	}
	if where := "地点：" + card.Where; casework.Runes(where) <= record.MaxSignLine {
		return append(lines, where)
	}
	return append(lines, card.Where)
}
