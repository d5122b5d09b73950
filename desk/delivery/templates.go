package delivery

import (
	"context"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
)

// TemplateView is what the staff see of one kind of message.
type TemplateView struct {
	Purpose notice.Purpose
	// ID is the platform's template, "" when none is configured: such messages go
	// by none, and the liaison is told whom they did not reach.
	ID string
	// Fields are those of the template, with the first example's values.
	Fields   []notice.FieldPreview
	Examples []TemplateExample
}

// TemplateExample is what a phone shows in one situation.
type TemplateExample struct {
	When, Page string
	Fields     []notice.FieldPreview
}

// TemplateViews shows the staff every kind of message: its template and, filled
// by what fills the real ones, what a phone shows of it.
func (svc *Service) TemplateViews(ctx context.Context, c access.Caller) ([]TemplateView, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	list := make([]TemplateView, len(notice.Purposes))
	for i, p := range notice.Purposes {
		v := TemplateView{Purpose: p, ID: svc.platform.Template(p)}
		for _, x := range notice.Examples(p, st, svc.kit.Now()) {
			fields, err := svc.platform.Preview(x.Message)
			if err != nil {
				return nil, fault.Wrap(err, fault.Internal, "通知模板的字段与设置不符，请管理员运行 mashang doctor")
			}
			v.Examples = append(v.Examples, TemplateExample{When: x.When, Page: x.Message.Page, Fields: fields})
		}
		v.Fields = v.Examples[0].Fields
		list[i] = v
	}
	return list, nil
}

// QuietHours are the minutes after midnight between which what can wait is not
// sent; equal for none.
func (svc *Service) QuietHours() notice.Quiet { return svc.kit.Config.Quiet }
