package overview

import (
	"context"
	"fmt"
	"time"

	"mashang/domain/record"
	"mashang/domain/station"
)

// warnings lists what makes the station's deadlines inaccurate, and the reveal alerts.
func (svc *Service) warnings(ctx context.Context, st *station.Station, now time.Time) ([]string, error) {
	var list []string
	for _, y := range svc.kit.Days.Missing(now) {
		list = append(list, fmt.Sprintf("还没有 %d 年的放假和调休安排，落在该年的期限只能暂定。请管理员在国务院办公厅通知公布后录入。", y))
	}
	n, err := svc.store.Count(ctx, st.ID, record.Index{Name: record.Provisional})
	if err != nil {
		return nil, err
	}
	if n > 0 {
		list = append(list, fmt.Sprintf("有 %d 件诉求的期限是暂定的，录入放假安排后会自动重算。", n))
	}
	alerts, err := svc.roster.RevealAlerts(ctx, st)
	for _, w := range alerts {
		list = append(list, w.Sentence())
	}
	return list, err
}
