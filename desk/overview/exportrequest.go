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

// If the station requires it, texts are exported only with a second person's consent: one of the staff requests
// the export, another agrees, and the first makes the file within a day, once.

const (
	// exportRequestTTL is how long a request can be agreed to and used.
	exportRequestTTL = 24 * time.Hour
	// maxExportRequests is how many requests of a station may be pending.
	maxExportRequests = 20
	// exportRequestContext is what a request is sealed to, before its id.
	exportRequestContext = "export "
)

// ExportRequest is a request to export texts.
type ExportRequest struct {
	ID string
	// Reason and Total are what is agreed to: the reason, and the number of submissions at the time.
	Reason string
	Total  int
	// From and To are the days of the list, "" for no bound.
	From, To string
	// By, AgreedBy and RefusedBy are names, "" for nobody yet.
	By, AgreedBy, RefusedBy string
	At, Until               time.Time
	// Own is set for the caller's own request.
	Own bool
}

// storedRequest is the sealed form of a request.
type storedRequest struct {
	Filter MatterFilter `json:"s"`
	Reason string       `json:"r"`
	Total  int          `json:"n"`
	At     time.Time    `json:"t"`
	// By, Agreed and Refused are persons with their ids on the roster.
	By      approver  `json:"b"`
	Agreed  *approver `json:"a,omitempty"`
	Refused *approver `json:"x,omitempty"`
}

type approver struct {
	ID     string `json:"i"`
	Person string `json:"p"`
}

// isSame reports whether the caller is the same person or the same account: a second WeChat of one account is
// no second person.
func (s approver) isSame(c access.Caller) bool { return s.ID == c.ID || s.Person == c.Person }

// needsSecondText is the error where a second person is required.
const needsSecondText = "本站开启了双人确认：导出反映的内容，要先提出申请，由另一位工作人员在“查看与导出”里确认"

// RequestExport requests a list's export with texts. It is audited.
func (svc *Service) RequestExport(ctx context.Context, c access.Caller, e Export) (ExportRequest, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return ExportRequest{}, err
	}
	st, ids, reason, err := svc.checkExport(ctx, c, e)
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
	if len(waiting) >= maxExportRequests {
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

// ExportRequests lists the station's requests of the last 24 hours for its staff, newest first.
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

// DecideExport agrees to a colleague's request or refuses it. For the caller's own it returns Denied. It is
// audited.
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
	case a.By.isSame(c):
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

// CancelExportRequest cancels the caller's own request. It is audited.
func (svc *Service) CancelExportRequest(ctx context.Context, c access.Caller, id string) error {
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	st, _, err := svc.ownExportRequest(ctx, c, id)
	if err != nil {
		return err
	}
	cancel := audit.Act{By: c, What: audit.CancelExport, Object: st.ID}
	return audit.Run(ctx, svc.audit, st.ID, cancel, func(w audit.Written) error {
		_, err := svc.takeExportRequest(ctx, w, st.ID, id)
		return err
	})
}

// RunApprovedExport starts the job that makes the file of the caller's own approved request. The file can be
// made once; a job that failed can be started again.
func (svc *Service) RunApprovedExport(ctx context.Context, c access.Caller, id string) (record.Job, error) {
	if err := access.RequireStaff(c, false); err != nil {
		return record.Job{}, err
	}
	st, a, err := svc.ownExportRequest(ctx, c, id)
	if err != nil {
		return record.Job{}, err
	}
	switch {
	case a.Refused != nil:
		return record.Job{}, fault.New(fault.WrongState, "这个申请没有得到同意，不能导出")
	case a.Agreed == nil:
		return record.Job{}, fault.New(fault.WrongState, "还没有另一位工作人员确认，请等确认后再导出")
	}
	ids, err := svc.allMatching(ctx, st, c.ID, a.Filter, svc.kit.Now())
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
	return svc.store.PutExportRequest(ctx, st, id, sealed, exportRequestTTL)
}

func (svc *Service) changeExportRequest(ctx context.Context, w audit.Written, st, id, was, next string) (ok bool, err error) {
	if err := w.Of(audit.AgreeExport, audit.RefuseExport); err != nil {
		return false, err
	}
	return svc.store.ChangeExportRequest(ctx, st, id, was, next)
}

// takeExportRequest removes a request that is cancelled or used.
func (svc *Service) takeExportRequest(ctx context.Context, w audit.Written, st, id string) (ok bool, err error) {
	if err := w.Of(audit.CancelExport, audit.ExportTexts); err != nil {
		return false, err
	}
	return svc.store.TakeExportRequest(ctx, st, id)
}

// ownExportRequest returns the caller's own request, access.Missing for another's.
func (svc *Service) ownExportRequest(ctx context.Context, c access.Caller, id string) (*station.Station, storedRequest, error) {
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

// loadExportRequest opens a request that has not expired; sealed is its stored form.
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
	text, err := svc.sealer.Open(sealed, exportRequestContext+id)
	if err != nil {
		return a, "", err
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return a, "", fault.Wrap(err, fault.Internal, "这个申请读不出来，请重新申请")
	}
	if svc.kit.Now().Sub(a.At) >= exportRequestTTL {
		return a, "", access.Missing()
	}
	return a, sealed, nil
}

func (svc *Service) sealRequest(id string, a storedRequest) (string, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "这个申请存不下来，请再试一次")
	}
	return svc.sealer.Seal(string(text), exportRequestContext+id)
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
		RefusedBy: name(a.Refused), At: a.At, Until: a.At.Add(exportRequestTTL), Own: a.By.isSame(c),
	}
}

// checkExport checks an export's reason and returns the ids of its list.
func (svc *Service) checkExport(ctx context.Context, c access.Caller, e Export) (st *station.Station, ids []string, reason string, err error) {
	reason = casework.Clean(e.Reason)
	if reason == "" || casework.Runes(reason) > casework.MaxReason {
		return nil, nil, "", kit.Field("reason", "请写明导出的原因（500 字以内），会留下记录")
	}
	if st, err = svc.kit.Roster(ctx, c.Station); err != nil {
		return nil, nil, "", err
	}
	ids, err = svc.allMatching(ctx, st, c.ID, e.MatterFilter, svc.kit.Now())
	return st, ids, reason, err
}
