package delivery

import (
	"context"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
)

// TemplateView is one kind of message as staff see it.
type TemplateView struct {
	Purpose notice.Purpose
	// ID is the platform's template, "" when none is configured. Such messages are not sent, and the liaison is
	// shown whom they did not reach.
	ID string
	// Fields are the template's fields, with the first example's values.
	Fields   []notice.FieldPreview
	Examples []TemplateExample
}

// TemplateExample is what a phone shows in one situation.
type TemplateExample struct {
	When, Page string
	Fields     []notice.FieldPreview
}

// TemplateViews returns every kind of message with its template and with examples of what a phone shows, made
// as real messages are.
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

// QuietHours returns the quiet hours in minutes after midnight; equal ends mean none.
func (svc *Service) QuietHours() notice.Quiet { return svc.kit.Config.Quiet }

// WithoutTemplate returns the kinds of message that cannot be sent because no template is configured.
func (svc *Service) WithoutTemplate() []notice.Purpose {
	var list []notice.Purpose
	for _, p := range notice.Purposes {
		if svc.platform.Template(p) == "" {
			list = append(list, p)
		}
	}
	return list
}

// PlatformHeld reports whether this process holds calls back because the platform does not answer.
func (svc *Service) PlatformHeld() bool { return svc.platform.Open() }
