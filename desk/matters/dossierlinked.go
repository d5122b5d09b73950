package matters

import (
	"context"
	"fmt"
	"strconv"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/record"
)

// maxDossierNumbers is how many people's numbers one dossier has at most. A station that shows an account fewer in an
// hour or a day has fewer.
const maxDossierNumbers = 10

// takeDossierReveals takes a reveal for each number of a dossier before any audit line says that it was shown.
func takeDossierReveals(ctx context.Context, svc *Service, x kit.Scoped, linked []casework.Submission) error {
	n := 1
	for _, o := range linked {
		if o.HasNumber() {
			n++
		}
	}
	// Compared before a reveal is taken: what can never be shown would use up what the account may see.
	policy := x.Station().EffectiveRevealPolicy()
	if most := min(maxDossierNumbers, policy.MaxPerHour, policy.MaxPerDay); n > most {
		return kit.Field("contacts", fmt.Sprintf("一起办理的有 %d 位留了电话，一份材料最多带 %d 位：请不带电话导出，需要的再逐件查看", n, most))
	}
	for range n {
		if err := svc.roster.TakeReveal(ctx, x.Caller(), x.Station()); err != nil {
			return err
		}
	}
	return nil
}

// linkedPart returns what another person filed about the same matter. Their number has an audit line of its own,
// so that a search for their submission finds who saw it.
func linkedPart(ctx context.Context, svc *Service, x kit.Scoped, o casework.Submission, contacts bool, reason string) (part record.DossierPart, err error) {
	st, c := x.Station(), x.Caller()
	var n Numbers
	if contacts && o.HasNumber() {
		show := audit.Act{By: c, What: audit.ExportDossierPhone, Object: o.ID, Why: reason}
		if n, err = audit.Do(ctx, svc.audit, st.ID, show, func(w audit.Written) (Numbers, error) { return svc.Numbers(w, o) }); err != nil {
			return part, err
		}
	}
	v := svc.View(svc.kit.Scope(c, st, o))
	return record.DossierPart{Rows: factRows(st, o, v, n), Paragraphs: []string{statement(o)}}, nil
}

// assistRows names who was asked to take part, when, and what came of it. What they were asked and said among
// themselves stays inside the station; what was said to the filer is in the thread.
func assistRows(s casework.Submission) (rows [][2]string) {
	for _, a := range s.Assists {
		said := dossierTime(a.At) + "请求协办，" + a.State.Chinese()
		if a.EndAt != 0 {
			said += "（" + dossierTime(a.EndAt) + "）"
		}
		rows = append(rows, [2]string{a.Name, said})
	}
	return rows
}

// piece is an upload of a submission with its name in the dossier.
type piece struct{ id, name string }

// piecesOf lists a submission's photos and recordings, with those of a thread.
func piecesOf(prefix string, s casework.Submission, thread []casework.Entry) (list []piece) {
	for i, id := range s.Photos {
		list = append(list, piece{id, prefix + "提交时的照片 " + strconv.Itoa(i+1)})
	}
	for _, e := range thread {
		for i, id := range e.Photos {
			list = append(list, piece{id, prefix + e.At.Time().Format("1月2日 15:04") + " 的照片 " + strconv.Itoa(i+1)})
		}
	}
	if s.Voice != "" {
		list = append(list, piece{s.Voice, prefix + "提交时的语音"})
	}
	return list
}
