// Package results publishes what came of submissions, in the liaison's words.
package results

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/numbers"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit   *kit.Kit
	Audit *audit.Service
	Store Store
}

// Store is the part of the store that the area uses.
type Store interface {
	PutResult(ctx context.Context, r record.Result) error
	DropResult(ctx context.Context, submission string) error
	// Results returns everything that a station has published, in no order.
	Results(ctx context.Context, st string) ([]record.Result, error)
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit   *kit.Kit
	audit *audit.Service
	store Store
}

// New makes a Service from its parts.
func New(p Parts) *Service { return &Service{kit: p.Kit, audit: p.Audit, store: p.Store} }

// Result is what is published of a closed submission.
type Result struct {
	Title, Text string
	Category    string
	Outcome     casework.Outcome
	ClosedAt    time.Time
}

const (
	maxTitle      = 40
	maxResultText = 300
	// maxResults is how many results a station may publish. The page shows a few of them.
	maxResults = 500
)

// publishable are the outcomes that may be published.
var publishable = []casework.Outcome{casework.Solved, casework.Agreed, casework.Explained, casework.Referred}

// Publish publishes the result of a closed submission in the liaison's words, for everybody who scans a code.
// Nothing is taken from the filer's text, because it needs the filer's own consent (个人信息保护法 art. 25). Numbers
// that identify a person are refused. The act is audited.
func (svc *Service) Publish(ctx context.Context, c access.Caller, id, title, text string) error {
	s, err := svc.staffSubmission(ctx, c, id)
	if err != nil {
		return err
	}
	title, text = casework.Clean(title), casework.Clean(text)
	var f fault.Check
	f.Require(title != "" && casework.Runes(title) <= maxTitle, "title", "请写一个 40 字以内的标题")
	f.Require(text != "" && casework.Runes(text) <= maxResultText, "text", "请用 300 字以内写明办理结果，不要写姓名和电话")
	for name, words := range map[string]string{"title": title, "text": text} {
		f.Require(numbers.Mask(words) == words, name, "里面像是有电话、证件号、银行卡号、微信号或邮箱，谁都能看到，请去掉再公开")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if s.State != casework.Closed || !slices.Contains(publishable, s.Outcome) {
		return fault.New(fault.WrongState, "办结并且有结果的诉求才能公开")
	}
	if s.Filer == casework.ErasedFiler {
		return fault.New(fault.WrongState, "提交的人已要求删除，这件诉求不能公开")
	}
	list, err := svc.store.Results(ctx, s.Station)
	if err != nil {
		return err
	}
	again := slices.ContainsFunc(list, func(r record.Result) bool { return r.Submission == s.ID })
	if len(list) >= maxResults && !again {
		return fault.New(fault.WrongState, "已经公开 500 件，请先撤下一些旧的")
	}
	publish := audit.Act{By: c, What: audit.Publish, Object: s.ID, Why: title}
	return audit.Run(ctx, svc.audit, c.Station, publish, func(w audit.Written) error {
		defer svc.kit.Cache.Results.Forget(s.Station)
		return putResult(ctx, svc.store, w, record.Result{
			Submission: s.ID, Title: title, Text: text, Category: s.Category, Outcome: string(s.Outcome),
			Target: s.Target, Member: s.Assignee, ClosedAt: int64(s.ClosedAt),
		})
	})
}

func putResult(ctx context.Context, store Store, w audit.Written, r record.Result) error {
	if err := w.Of(audit.Publish); err != nil {
		return err
	}
	return store.PutResult(ctx, r)
}

// Unpublish removes a published result.
func (svc *Service) Unpublish(ctx context.Context, c access.Caller, id string) error {
	s, err := svc.staffSubmission(ctx, c, id)
	if err != nil {
		return err
	}
	unpublish := audit.Act{By: c, What: audit.Unpublish, Object: s.ID}
	return audit.Run(ctx, svc.audit, c.Station, unpublish, func(w audit.Written) error {
		defer svc.kit.Cache.Results.Forget(s.Station)
		return dropResult(ctx, svc.store, w, s.ID)
	})
}

func dropResult(ctx context.Context, store Store, w audit.Written, submission string) error {
	if err := w.Of(audit.Unpublish); err != nil {
		return err
	}
	return store.DropResult(ctx, submission)
}

// UnpublishReopened removes the published result of a reopened submission. The liaison can remove it by hand
// when this fails.
func (svc *Service) UnpublishReopened(ctx context.Context, was, next casework.Submission) {
	if was.State != casework.Closed || !next.State.Open() {
		return
	}
	if err := svc.store.DropResult(ctx, was.ID); err != nil {
		svc.kit.Log.WarnContext(ctx, "still published", slog.String("submission", was.ID), slog.Any("err", err))
	}
	svc.kit.Cache.Results.Forget(was.Station)
}

// PublishFulfilled updates a published agreement when it is fulfilled. The liaison can publish it again when
// this fails.
func (svc *Service) PublishFulfilled(ctx context.Context, was, next casework.Submission) {
	if !was.Owed() || !next.Fulfilled() {
		return
	}
	list, err := svc.store.Results(ctx, was.Station)
	for _, r := range list {
		if r.Submission == was.ID && err == nil {
			r.Outcome = string(next.Outcome)
			err = svc.store.PutResult(ctx, r)
		}
	}
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "published as it was", slog.String("submission", was.ID), slog.Any("err", err))
	}
	svc.kit.Cache.Results.Forget(was.Station)
}

// staffSubmission returns a submission of the liaison's station.
func (svc *Service) staffSubmission(ctx context.Context, c access.Caller, id string) (casework.Submission, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return casework.Submission{}, err
	}
	x, err := svc.kit.Submission(ctx, c, access.Read, id)
	if err == nil && x.Submission().Station != c.Station {
		err = access.Missing() // a liaison's own filing at another station
	}
	return x.Submission(), err
}

// List lists the published results for a code's target, newest first: those of a member's submissions, those
// filed at a room or place, or the whole station's.
func (svc *Service) List(ctx context.Context, key string, limit int) ([]Result, error) {
	key, err := station.ParseScene(key)
	if err != nil {
		return nil, err
	}
	code, err := svc.kit.Code(ctx, key)
	if err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, code.Station)
	if err != nil {
		return nil, err
	}
	list, err := svc.kit.Cache.Results.Get(ctx, st.ID, func(ctx context.Context, _ []record.Result) ([]record.Result, error) {
		return svc.store.Results(ctx, st.ID)
	})
	if err != nil {
		return nil, err
	}
	target := st.FilingTarget(code.Target)
	list = slices.DeleteFunc(slices.Clone(list), func(r record.Result) bool { return !matchesTarget(target, r) })
	slices.SortFunc(list, func(a, b record.Result) int {
		return cmp.Or(cmp.Compare(b.ClosedAt, a.ClosedAt), cmp.Compare(a.Submission, b.Submission))
	})
	out := make([]Result, min(limit, len(list)))
	for i := range out {
		r := list[i]
		cat, _ := st.Category(r.Category)
		out[i] = Result{
			Title: r.Title, Text: r.Text, Category: cat.Name, Outcome: casework.Outcome(r.Outcome),
			ClosedAt: casework.Millis(r.ClosedAt).Time(),
		}
	}
	return out, nil
}

func matchesTarget(t station.Target, r record.Result) bool {
	switch t.Kind {
	case station.ForMember:
		return r.Member == t.ID
	case station.ForStation:
		return true
	default:
		return r.Target == t
	}
}
