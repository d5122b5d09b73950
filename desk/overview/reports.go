package overview

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/desk/jobs"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/figures"
	"mashang/domain/listindex"
	"mashang/domain/numbers"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Format is a file format.
type Format string

// The formats of a report.
const (
	XLSX Format = "xlsx"
	PDF  Format = "pdf"
)

// mediaTypes are the formats' media types.
var mediaTypes = map[Format]string{
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", PDF: "application/pdf",
}

// Report composes the report of a month ("2026-05") or a year ("2026") for the station's staff.
func (svc *Service) Report(ctx context.Context, c access.Caller, period string) (figures.Report, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return figures.Report{}, err
	}
	p, err := svc.period(period)
	if err != nil {
		return figures.Report{}, err
	}
	now := svc.kit.Now()
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return figures.Report{}, err
	}
	facts, err := svc.facts(ctx, st, p.From, p.To)
	if err != nil {
		return figures.Report{}, err
	}
	// A running period is compared with the same part of the one before.
	to := p.To
	if to.After(now) {
		to = now.In(station.Zone).Truncate(time.Hour)
	}
	from, until := p.From, p.From
	if to.After(from) {
		from, until = figures.Before(p.From, to)
	}
	before, err := svc.facts(ctx, st, from, until)
	if err != nil {
		return figures.Report{}, err
	}
	return figures.Compose(st, p, facts, before, now), nil
}

// ReportFile starts a job that makes a report's file. It is audited, because a report shows each member's
// performance.
func (svc *Service) ReportFile(ctx context.Context, c access.Caller, period string, format Format) (record.Job, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return record.Job{}, err
	}
	draw := map[Format]func(figures.Report) ([]byte, error){XLSX: svc.reporter.Spreadsheet, PDF: svc.reporter.Print}[format]
	if draw == nil {
		return record.Job{}, kit.Field("format", "可选 xlsx、pdf")
	}
	p, err := svc.period(period)
	if err != nil {
		return record.Job{}, err
	}
	export := audit.Act{By: c, What: audit.ExportReport, Object: c.Station, Why: p.Name + "报告（" + string(format) + "）"}
	return audit.Do(ctx, svc.audit, c.Station, export, func(w audit.Written) (record.Job, error) {
		return svc.reportJob(ctx, w, c, period, format, draw)
	})
}

// reportJob starts the job.
func (svc *Service) reportJob(ctx context.Context, w audit.Written, c access.Caller, period string, format Format, draw func(figures.Report) ([]byte, error)) (record.Job, error) {
	if err := w.Of(audit.ExportReport); err != nil {
		return record.Job{}, err
	}
	return svc.jobs.StartJob(ctx, c, "report", func(ctx context.Context, progress jobs.Progress) (jobs.Product, error) {
		progress(0, 2)
		if err := svc.listing.Ready(ctx, c.Station); err != nil {
			return jobs.Product{}, err
		}
		r, err := svc.Report(ctx, c, period)
		if err != nil {
			return jobs.Product{}, err
		}
		progress(1, 2)
		data, err := draw(r)
		return jobs.Product{Name: r.Title + "." + string(format), Type: mediaTypes[format], Data: data}, err
	})
}

// period parses a month or year that has begun.
func (svc *Service) period(text string) (figures.Period, error) {
	p, ok := figures.ParsePeriod(text)
	switch {
	case !ok:
		return p, kit.Field("period", "请写成 2026-05（月）或 2026（年）")
	case p.From.After(svc.kit.Now()):
		return p, kit.Field("period", "这个时间还没有到")
	}
	return p, nil
}

// maxExport is how many submissions one export may have.
const maxExport = 5000

// Export is an export of a list as a spreadsheet.
type Export struct {
	MatterFilter

	// Texts includes the filed texts, with numbers masked.
	Texts bool
	// Reason is written to the audit.
	Reason string
}

// ExportList starts a job that makes a filtered list into a spreadsheet, for the station's liaison. It has no
// columns of phones or visitors' names, and numbers in the texts are masked. It is audited. It refuses more
// than maxExport submissions, and texts where the station requires a second person.
func (svc *Service) ExportList(ctx context.Context, c access.Caller, e Export) (record.Job, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return record.Job{}, err
	}
	st, ids, reason, err := svc.checkExport(ctx, c, e)
	if err != nil {
		return record.Job{}, err
	}
	what := audit.ExportList
	if e.Texts {
		if st.EffectiveRevealPolicy().NeedsSecondPerson {
			return record.Job{}, fault.New(fault.WrongState, needsSecondText)
		}
		what = audit.ExportTexts
	}
	export := audit.Act{By: c, What: what, Object: st.ID, Why: reason}
	return audit.Do(ctx, svc.audit, st.ID, export, func(w audit.Written) (record.Job, error) {
		return svc.exportJob(ctx, w, c, st, ids, e.Texts, func(context.Context) error { return nil })
	})
}

// exportJob starts the job. spend is called once the file is made; its error keeps the file back.
func (svc *Service) exportJob(ctx context.Context, w audit.Written, c access.Caller, st *station.Station, ids []string, texts bool, spend func(context.Context) error) (record.Job, error) {
	what := audit.ExportList
	if texts {
		what = audit.ExportTexts
	}
	if err := w.Of(what); err != nil {
		return record.Job{}, err
	}
	return svc.jobs.StartJob(ctx, c, "list-export", func(ctx context.Context, progress jobs.Progress) (jobs.Product, error) {
		var list []casework.Submission
		for chunk := range slices.Chunk(ids, kit.PageLimit) {
			part, err := svc.kit.Records.LoadMany(ctx, st.ID, chunk)
			if err != nil {
				return jobs.Product{}, err
			}
			list = append(list, part...)
			progress(len(list), len(ids))
		}
		now := svc.kit.Now()
		r := figures.Report{Title: st.Name + "诉求清单", Station: st.Name, Made: now, Sections: []figures.Section{sheetOf(st, list, texts, now)}}
		data, err := svc.reporter.Spreadsheet(r)
		if err == nil {
			err = spend(ctx)
		}
		if err != nil {
			return jobs.Product{}, err
		}
		return jobs.Product{Name: fmt.Sprintf("%s-%s.xlsx", r.Title, now.In(station.Zone).Format("20060102-1504")), Type: mediaTypes[XLSX], Data: data}, nil
	})
}

// allMatching returns the ids of all matches of a liaison, in the order of the list.
func (svc *Service) allMatching(ctx context.Context, st *station.Station, liaison string, f MatterFilter, now time.Time) ([]string, error) {
	q, err := f.query(st, liaison, now)
	if err != nil {
		return nil, err
	}
	var found listindex.Result
	if err := svc.listing.WithIndex(ctx, st.ID, func(x *listindex.Index) { found = x.Find(q, listindex.Cursor{}, maxExport, casework.At(now)) }); err != nil {
		return nil, err
	}
	if found.More {
		return nil, kit.Field("from", fmt.Sprintf("有 %d 件，一次最多导出 %d 件，请缩小时间或条件后分次导出", found.Total, maxExport))
	}
	return found.IDs, nil
}

var exportHeads = []string{
	"编号", "提交时间", "渠道", "人次", "反映时间", "类型", "来者", "类别", "扫码处", "村", "状态", "办理结果", "办理委员", "界别", "答复期限", "首次联系", "答复", "办结时间", "约定落实", "落实时间", "评价",
}

func sheetOf(st *station.Station, list []casework.Submission, texts bool, now time.Time) figures.Section {
	s := figures.Section{
		Sheet: "诉求", Heading: fmt.Sprintf("共 %d 件，状态以 %s 为准", len(list), now.In(station.Zone).Format("2006-01-02 15:04")),
		Notes: []string{"没有电话和群众姓名两栏。请只用于办理和统计，用完删除。"}, Heads: exportHeads,
	}
	if texts {
		s.Heads = slices.Concat(exportHeads, []string{"反映内容"})
		s.Notes = []string{"“反映内容”里像电话、证件号、银行卡号、微信号和邮箱的已经遮住；群众自己写在里面的姓名、住址等没有遮住，可能仍认得出人。请只用于办理和统计，用完删除。"}
	}
	for _, x := range list {
		s.Rows = append(s.Rows, rowOf(st, x, texts, now))
	}
	return s
}

func rowOf(st *station.Station, s casework.Submission, texts bool, now time.Time) []figures.Value {
	f := figures.Of(s, casework.At(now))
	moment := func(m casework.Millis) string {
		if m == 0 {
			return ""
		}
		return m.Time().Format("2006-01-02 15:04")
	}
	member, _ := st.Member(s.Assignee)
	said := ""
	if s.Rating != nil {
		said = s.Rating.Chinese()
	}
	promised, done := "", ""
	if p := s.Promise; p != nil && p.DueAt != 0 {
		promised = p.DueAt.Time().Format(time.DateOnly)
	}
	if s.Fulfilled() {
		done = moment(s.Promise.DoneAt)
	}
	var row []figures.Value
	for _, text := range []string{
		s.Number, moment(s.FiledAt), s.Intake.Via().Chinese(), "", moment(cmp.Or(casework.Millis(s.Intake.Heard()), s.FiledAt)), s.Kind.Chinese(), s.Visitor.Chinese(), figures.ByCategory.Name(st, s.Category),
		figures.ByTarget.Name(st, figures.ByTarget.Key(f, figures.RosterLookup{})), st.Village(s.Target), s.State.Chinese(), s.Ending(),
		member.Name, member.Sector, moment(s.DueAt), standings[f.First], standings[f.Answer], moment(s.ClosedAt), promised, done, said,
	} {
		row = append(row, figures.Value{Text: text})
	}
	// A spreadsheet can add them up.
	row[slices.Index(exportHeads, "人次")] = figures.Value{Kind: figures.Number, Number: float64(s.Intake.People())}
	if texts {
		row = append(row, figures.Value{Text: numbers.Mask(s.Text)})
	}
	return row
}

var standings = map[figures.Standing]string{figures.Open: "未到期", figures.OnTime: "按时", figures.Late: "超时"}
