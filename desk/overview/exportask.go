package overview

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mashang/desk/audit"
	"mashang/desk/jobs"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Where the station wants it, what people wrote leaves the product only with a
// second person's word: one asks, another of the staff agrees, the first makes the
// file within a day, once.

const (
	// exportRequestLife is how long a request can be agreed to and used.
	exportRequestLife = 24 * time.Hour
	// mostExportAsks is how many of a station wait at once.
	mostExportAsks = 20
	// exportAskSeal is what a request is bound to beside its id.
	exportAskSeal = "export "
)

// ExportRequest is a request to export what people wrote.
type ExportRequest struct {
	ID string
	// Reason and Total are what is agreed to: why, and how many there were then.
	Reason string
	Total  int
	// From and To are the days of the list, "" for no bound.
	From, To string
	// By, AgreedBy and RefusedBy are names, "" for nobody yet.
	By, AgreedBy, RefusedBy string
	At, Until               time.Time
	// Own is set for the caller's own.
	Own bool
}

// storedRequest is a request as it is kept, sealed.
type storedRequest struct {
	Filter MatterFilter `json:"s"`
	Reason string       `json:"r"`
	Total  int          `json:"n"`
	At     time.Time    `json:"t"`
	// By, Agreed and Refused are persons and ids on the roster.
	By      approver  `json:"b"`
	Agreed  *approver `json:"a,omitempty"`
	Refused *approver `json:"x,omitempty"`
}

type approver struct {
	ID     string `json:"i"`
	Person string `json:"p"`
}

// is reports whether the caller is the same person or the same account: a second
// WeChat of one account is no second person.
func (s approver) is(c access.Caller) bool { return s.ID == c.ID || s.Person == c.Person }

// exportNeedsSecond is what is answered where one person is not enough.
const exportNeedsSecond = "本站开启了双人确认：导出反映的内容，要先提出申请，由另一位工作人员在“查看与导出”里确认"

// RequestExport asks that a list be exported with what people wrote. Who asks and why
// is written down first.
func (svc *Service) RequestExport(ctx context.Context, c access.Caller, e Export) (ExportRequest, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return ExportRequest{}, err
	}
	st, ids, reason, err := svc.toExport(ctx, c, e)
	if err != nil {
		return ExportRequest{}, err
	}
	if !st.EffectiveRevealPolicy().NeedsSecondPerson {
		return ExportRequest{}, fault.New(fault.WrongState, "本站没有开启双人确认，可以直接导出")
	}
	waiting, err := svc.store.ExportRequests(ctx, st.ID)
	if err != nil {
		return ExportRequest{}, err
	}
	if len(waiting) >= mostExportAsks {
		return ExportRequest{}, fault.New(fault.TooMany, "等着的导出申请已经有 %d 个，请先处理或撤回", len(waiting))
	}
	id, err := svc.kit.NewID("x")
	if err != nil {
		return ExportRequest{}, err
	}
	a := storedRequest{Filter: e.MatterFilter, Reason: reason, Total: len(ids), At: svc.kit.Now(), By: approver{c.ID, c.Person}}
	sealed, err := svc.sealRequest(id, a)
	if err != nil {
		return ExportRequest{}, err
	}
	ask := audit.Act{By: c, What: audit.AskExport, Object: st.ID, Why: fmt.Sprintf("%d 件，%s", a.Total, reason)}
	return audit.Do(ctx, svc.audit, st.ID, ask, func(w audit.Written) (ExportRequest, error) {
		return svc.exportRequestOf(st, c, id, a), svc.putExportRequest(ctx, w, st.ID, id, sealed)
	})
}

// ExportRequests lists the station's requests of the last 24 hours for its staff, the
// newest first.
func (svc *Service) ExportRequests(ctx context.Context, c access.Caller) ([]ExportRequest, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	ids, err := svc.store.ExportRequests(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	list := []ExportRequest{}
	for _, id := range ids {
		a, _, err := svc.loadExportRequest(ctx, st, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, svc.exportRequestOf(st, c, id, a))
	}
	return list, nil
}

// DecideExport agrees to a colleague's request or refuses it. One's own answers
// Denied; that it was answered is written down first.
func (svc *Service) DecideExport(ctx context.Context, c access.Caller, id string, agree bool) (ExportRequest, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return ExportRequest{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return ExportRequest{}, err
	}
	a, was, err := svc.loadExportRequest(ctx, st, id)
	switch {
	case err != nil:
		return ExportRequest{}, err
	case a.By.is(c):
		return ExportRequest{}, fault.New(fault.Denied, "自己的申请要由另一位工作人员确认")
	case a.Agreed != nil || a.Refused != nil:
		return ExportRequest{}, fault.New(fault.WrongState, "这个申请已经有人答复了")
	}
	what := audit.RefuseExport
	if agree {
		what, a.Agreed = audit.AgreeExport, &approver{c.ID, c.Person}
	} else {
		a.Refused = &approver{c.ID, c.Person}
	}
	next, err := svc.sealRequest(id, a)
	if err != nil {
		return ExportRequest{}, err
	}
	asker, _ := st.Liaison(a.By.ID)
	answer := audit.Act{By: c, What: what, Object: st.ID, Why: fmt.Sprintf("%s申请的 %d 件，%s", asker.Name, a.Total, a.Reason)}
	return audit.Do(ctx, svc.audit, st.ID, answer, func(w audit.Written) (ExportRequest, error) {
		if ok, err := svc.changeExportRequest(ctx, w, st.ID, id, was, next); err != nil || !ok {
			return ExportRequest{}, cmp.Or(err, error(fault.New(fault.Conflict, "这个申请刚刚有人答复或撤回了，请刷新")))
		}
		return svc.exportRequestOf(st, c, id, a), nil
	})
}

// CancelExportRequest takes the caller's own request back.
func (svc *Service) CancelExportRequest(ctx context.Context, c access.Caller, id string) error {
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	st, _, err := svc.ownExport(ctx, c, id)
	if err != nil {
		return err
	}
	cancel := audit.Act{By: c, What: audit.CancelExport, Object: st.ID}
	return audit.Run(ctx, svc.audit, st.ID, cancel, func(w audit.Written) error {
		_, err := svc.takeExportRequest(ctx, w, st.ID, id)
		return err
	})
}

// RunApprovedExport makes the file of the caller's own request that somebody agreed to,
// in the background. It can be made once; work that failed can be begun again.
func (svc *Service) RunApprovedExport(ctx context.Context, c access.Caller, id string) (record.Job, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return record.Job{}, err
	}
	st, a, err := svc.ownExport(ctx, c, id)
	if err != nil {
		return record.Job{}, err
	}
	switch {
	case a.Refused != nil:
		return record.Job{}, fault.New(fault.WrongState, "这个申请没有得到同意，不能导出")
	case a.Agreed == nil:
		return record.Job{}, fault.New(fault.WrongState, "还没有另一位工作人员确认，请等确认后再导出")
	}
	ids, err := svc.allMatching(ctx, st, a.Filter, svc.kit.Now())
	if err != nil {
		return record.Job{}, err
	}
	second, _ := st.Liaison(a.Agreed.ID)
	export := audit.Act{By: c, What: audit.ExportTexts, Object: st.ID, Why: a.Reason + "（" + second.Name + "确认）"}
	return audit.Do(ctx, svc.audit, st.ID, export, func(w audit.Written) (record.Job, error) {
		return svc.exportJob(ctx, w, c, st, ids, true, func(ctx context.Context) error {
			if ok, err := svc.takeExportRequest(ctx, w, st.ID, id); err != nil || !ok {
				return cmp.Or(err, error(fault.New(fault.WrongState, "这个申请已经用过或撤回了，请重新申请")))
			}
			return nil
		})
	})
}

func (svc *Service) putExportRequest(ctx context.Context, w audit.Written, st, id, sealed string) error {
	if err := w.Of(audit.AskExport); err != nil {
		return err
	}
	return svc.store.PutExportRequest(ctx, st, id, sealed, exportRequestLife)
}

func (svc *Service) changeExportRequest(ctx context.Context, w audit.Written, st, id, was, next string) (ok bool, err error) {
	if err := w.Of(audit.AgreeExport, audit.RefuseExport); err != nil {
		return false, err
	}
	return svc.store.ChangeExportRequest(ctx, st, id, was, next)
}

// takeExportRequest ends a request: it is taken back, or its file is made.
func (svc *Service) takeExportRequest(ctx context.Context, w audit.Written, st, id string) (ok bool, err error) {
	if err := w.Of(audit.CancelExport, audit.ExportTexts); err != nil {
		return false, err
	}
	return svc.store.TakeExportRequest(ctx, st, id)
}

// ownExport is the caller's own request; another's is not there.
func (svc *Service) ownExport(ctx context.Context, c access.Caller, id string) (*station.Station, storedRequest, error) {
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, storedRequest{}, err
	}
	a, _, err := svc.loadExportRequest(ctx, st, id)
	if err == nil && (a.By.ID != c.ID || a.By.Person != c.Person) {
		err = access.Missing()
	}
	return st, a, err
}

// loadExportRequest opens a request whose time is not over; sealed is as it is kept.
func (svc *Service) loadExportRequest(ctx context.Context, st *station.Station, id string) (a storedRequest, sealed string, err error) {
	if !jobs.ValidJob(id) { // they have the form of jobs' ids
		return a, "", access.Missing()
	}
	if sealed, err = svc.store.ExportRequest(ctx, st.ID, id); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = access.Missing()
		}
		return a, "", err
	}
	text, err := svc.sealer.Open(sealed, exportAskSeal+id)
	if err != nil {
		return a, "", err
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, "", fault.Wrap(err, fault.Internal, "这个申请读不出来，请重新申请")
	}
	if svc.kit.Now().Sub(a.At) >= exportRequestLife {
		return a, "", access.Missing()
	}
	return a, sealed, nil
}

func (svc *Service) sealRequest(id string, a storedRequest) (string, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "这个申请存不下来，请再试一次")
	}
	return svc.sealer.Seal(string(text), exportAskSeal+id)
}

func (svc *Service) exportRequestOf(st *station.Station, c access.Caller, id string, a storedRequest) ExportRequest {
	name := func(s *approver) string {
		if s == nil {
			return ""
		}
		l, _ := st.Liaison(s.ID)
		return l.Name
	}
	return ExportRequest{
		ID: id, Reason: a.Reason, Total: a.Total, From: a.Filter.From, To: a.Filter.To, By: name(&a.By), AgreedBy: name(a.Agreed),
		RefusedBy: name(a.Refused), At: a.At, Until: a.At.Add(exportRequestLife), Own: a.By.is(c),
	}
}

// toExport checks what a list to be exported is asked for with, and finds it.
func (svc *Service) toExport(ctx context.Context, c access.Caller, e Export) (st *station.Station, ids []string, reason string, err error) {
	reason = casework.Clean(e.Reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return nil, nil, "", kit.Field("reason", "请写明导出的原因（500 字以内），会留下记录")
	}
	if st, err = svc.kit.Roster(ctx, c.Station); err != nil {
		return nil, nil, "", err
	}
	ids, err = svc.allMatching(ctx, st, e.MatterFilter, svc.kit.Now())
	return st, ids, reason, err
}
