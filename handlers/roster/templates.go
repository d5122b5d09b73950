package roster

import (
	"context"
	"fmt"
	"net/http"

	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Notices are the kinds of message the product sends.
type Notices struct {
	Items []NoticeTemplate `json:"items" nullable:"false" doc:"In the order in which a scarce consent is worth spending."`
	Quiet string           `json:"quiet" doc:"When messages that can wait are not sent, 22:00-07:00; empty for never."`
	Note  string           `json:"note" doc:"In Chinese: what a station can set of this and what not."`
}

// NoticeTemplate is one kind of message and its template on the platform.
type NoticeTemplate struct {
	Purpose      string          `json:"purpose"`
	Name         string          `json:"name" doc:"In Chinese."`
	For          string          `json:"for" enum:"visitor,member,liaison,department"`
	Why          string          `json:"why" doc:"What its receiver is told it is for when asked for consent."`
	Waits        bool            `json:"waits" doc:"It waits for the end of the quiet hours."`
	Configured   bool            `json:"configured" doc:"Without a template nothing of the kind can be sent."`
	TemplateID   string          `json:"template_id,omitempty"`
	StandIns     []string        `json:"stand_ins" nullable:"false" doc:"Names of the kinds whose template is used when the receiver has allowed no more of this one."`
	Fields       []NoticeField   `json:"fields" nullable:"false" doc:"In the order of the template."`
	Examples     []NoticeExample `json:"examples" nullable:"false" doc:"One for each situation in which it is sent."`
	StationParts []string        `json:"station_parts" nullable:"false" doc:"What of it a station's own settings decide, in Chinese."`
}

// NoticeField is one field of a template.
type NoticeField struct {
	Key      string `json:"key" doc:"The template's, as thing2."`
	Label    string `json:"label" doc:"What stands before it on the phone."`
	Type     string `json:"type" doc:"The platform's: thing, time, character_string, phrase ..."`
	TypeName string `json:"type_name" doc:"In Chinese."`
	Limit    string `json:"limit" doc:"What the platform takes, in Chinese."`
}

// NoticeExample is what a phone shows in one situation, of a made-up submission.
type NoticeExample struct {
	When   string        `json:"when" doc:"The situation, in Chinese."`
	Page   string        `json:"page" doc:"What a tap opens."`
	Values []NoticeValue `json:"values" nullable:"false" doc:"One for each field."`
}

// NoticeValue is what a field holds.
type NoticeValue struct {
	Text string `json:"text"`
	Cut  bool   `json:"cut" doc:"The whole text did not fit."`
}

// noticeNote says what can be set where.
const noticeNote = "通知的文字由系统按统一口径填写；模板编号和字段由管理员在服务器上为整个小程序统一设置（mashang doctor 会核对），站点不能单独修改。"

// stationParts are the station's settings that show in fields, by meaning.
var stationParts = map[string]string{
	notice.Due: "办理期限：由“时限”和“工作日历”决定", notice.Place: "地点：名册里场所、村的名称",
	notice.Who: "办理人：名册里委员的姓名，没有委员时用站名",
}

// stationPart returns the setting that shows in a purpose's field, "" for none.
func stationPart(p notice.Purpose, meaning string) string {
	if meaning == notice.Due && (p == notice.VisitorBooking || p == notice.MemberDuty) {
		return "时间：由接待日的安排决定"
	}
	return stationParts[meaning]
}

func (rt *routes) addTemplates() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/templates", "noticeTemplates", "The kinds of message the product sends: templates, fields, and examples as a phone shows them.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.noticeTemplates)
}

func (rt *routes) noticeTemplates(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[Notices], error) {
	list, err := rt.desk.delivery.TemplateViews(ctx, c)
	if err != nil {
		return nil, err
	}
	out := Notices{Items: make([]NoticeTemplate, len(list)), Note: noticeNote}
	if q := rt.desk.delivery.QuietHours(); q.From != q.To {
		out.Quiet = fmt.Sprintf("%02d:%02d-%02d:%02d", q.From/60, q.From%60, q.To/60, q.To%60)
	}
	for i, v := range list {
		t := NoticeTemplate{
			Purpose: string(v.Purpose), Name: v.Purpose.Chinese(), For: v.Purpose.Audience(), Why: v.Purpose.Why(), Waits: v.Purpose.CanWait(),
			Configured: v.ID != "", TemplateID: v.ID, StandIns: []string{}, StationParts: []string{},
			Fields: make([]NoticeField, len(v.Fields)), Examples: make([]NoticeExample, len(v.Examples)),
		}
		for _, p := range v.Purpose.StandIns() {
			t.StandIns = append(t.StandIns, p.Chinese())
		}
		for j, x := range v.Fields {
			t.Fields[j] = NoticeField{Key: x.Key, Label: x.Label, Type: x.Type, TypeName: x.TypeName, Limit: x.Limit}
			if part := stationPart(v.Purpose, x.Meaning); part != "" {
				t.StationParts = append(t.StationParts, part)
			}
		}
		for j, x := range v.Examples {
			t.Examples[j] = exampleOf(x.When, x.Page, x.Fields)
		}
		out.Items[i] = t
	}
	return &wire.Output[Notices]{Body: out}, nil
}

func exampleOf(when, page string, fields []notice.FieldPreview) NoticeExample {
	x := NoticeExample{When: when, Page: page, Values: make([]NoticeValue, len(fields))}
	for i, f := range fields {
		x.Values[i] = NoticeValue{Text: f.Value, Cut: f.Cut}
	}
	return x
}
