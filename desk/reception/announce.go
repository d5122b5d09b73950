package reception

import (
	"context"
	"net/url"
	"strings"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/station"
)

// Announcement is what staff send round of a published day: plain Chinese lines, the address of the day's page, and a
// drawing of that address as a QR image (SVG). Nothing of it is about a visitor.
type Announcement struct {
	Title, Text, Link string
	Drawing           []byte
}

// Announcement makes the announcement of a published day to come.
func (svc *Service) Announcement(ctx context.Context, c access.Caller, id string) (Announcement, error) {
	v, err := svc.Day(ctx, c, id)
	if err != nil {
		return Announcement{}, err
	}
	if v.State != reception.Published || !svc.kit.Now().Before(v.End()) {
		return Announcement{}, fault.New(fault.WrongState, "公布了、还没过去的接待日才有公告")
	}
	a := Announcement{Title: v.Station.Name + " · " + v.Name, Link: svc.kit.Config.PublicURL + pageOf(v.Station.ID, v.ID)}
	a.Text = announcementText(v.Station, v.Day, comingTo(v.Station, v.Day), a)
	a.Drawing, err = svc.painter.SVG(a.Link)
	return a, err
}

// pageOf returns the path of a day's page in the people's client for browsers.
func pageOf(st, day string) string {
	return "/m/pages/reception/index?" + url.Values{"station": {st}, "day": {day}}.Encode()
}

// announcementText returns the lines to be copied.
func announcementText(st *station.Station, d reception.Day, members []station.Member, a Announcement) string {
	lines := []string{"【接待公告】" + a.Title, "时间：" + notice.WhenOf(d)}
	if n := len(d.Postponed); n > 0 {
		lines[1] += "（原定 " + d.Postponed[n-1].From + "，改到这一天）"
	}
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+text)
		}
	}
	add("地点：", notice.PlaceOf(d, st))
	add("主题：", d.Theme)
	if len(members) > 0 {
		lines = append(lines, "谁来：")
	}
	for _, m := range members {
		lines = append(lines, "· "+m.Name+" 委员（"+strings.Join(append([]string{m.Sector}, m.Expertise...), "、")+"）")
	}
	add("不受理：", d.NotFor)
	if d.Terms.Seats > d.Terms.WalkIns {
		add("预约：", a.Link)
	} else {
		add("不用预约，到时直接来：", a.Link)
	}
	add("电话：", st.Phone)
	return strings.Join(lines, "\n")
}
