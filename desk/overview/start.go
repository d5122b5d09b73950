package overview

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
)

// The steps of a new station, in the order in which they are taken.
const (
	StepRoster   = "roster"
	StepDuty     = "duty"
	StepCalendar = "calendar"
	StepLiaison  = "liaison"
	StepMember   = "member"
	StepCodes    = "codes"
	StepWeChat   = "wechat"
	StepFirst    = "first"
)

// startHint names the start page among what a person has hidden.
const startHint = "start"

// Step is one step of a new station: what there is, and what to do next. Next is "" once it is done.
type Step struct {
	Key, Name   string
	Done        bool
	State, Next string
}

// Start is how far a station is set up.
type Start struct {
	Steps []Step
	// Left counts the steps that are not done.
	Left int
	// Over is set once all steps were done: a station that runs is not told to begin again because of a rota that has
	// ended or a platform that does not answer.
	Over bool
	// Hidden is set when the caller does not want to be reminded of it.
	Hidden bool
}

// Start returns how far the caller's station is set up. It never asks the platform.
func (svc *Service) Start(ctx context.Context, c access.Caller) (Start, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Start{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return Start{}, err
	}
	own, err := svc.store.Personal(ctx, c.Person)
	if err != nil {
		return Start{}, err
	}
	bound, err := svc.roster.CountBound(ctx, st)
	if err != nil {
		return Start{}, err
	}
	now := svc.kit.Now().In(station.Zone)
	filed, err := svc.store.Filed(ctx, st.ID, time.UnixMilli(0), now.Add(time.Second))
	if err != nil {
		return Start{}, err
	}
	codes, err := svc.codes.Use(ctx, st.ID, filed == 0)
	if err != nil {
		return Start{}, err
	}
	wechat, err := svc.wechatStep(ctx, now)
	if err != nil {
		return Start{}, err
	}
	list := []Step{
		rosterStep(bound.Members), dutyStep(st, now), calendarStep(now.Year(), svc.kit.Days.Source(now.Year())),
		{
			Key: StepLiaison, Name: "联络员已绑定微信", Done: bound.LiaisonsBound > 0,
			State: fmt.Sprintf("%d 位联络员，%d 位已绑定", bound.Liaisons, bound.LiaisonsBound),
			Next:  "请管理员给联络员发邀请码；本人在小程序“我的—委员绑定”里输入就好。绑定后新诉求和险情会通知到手机。",
		},
		{
			Key: StepMember, Name: "有委员绑定了微信", Done: bound.MembersBound > 0,
			State: fmt.Sprintf("%d 位委员，%d 位已绑定", bound.Members, bound.MembersBound),
			Next:  "给委员发邀请码；先请一两位绑定，就能试着走一遍。没绑定的委员收不到诉求通知。",
		},
		{
			Key: StepCodes, Name: "码已生成", Done: codes.Valid > 0,
			State: fmt.Sprintf("%d 个码可用", codes.Valid),
			Next:  "先新建一个指向本站的码，再做成码牌打印出来，贴在门口、议事室和点位。",
		},
		wechat,
		firstStep(codes.Scans, filed),
	}
	out := Start{Steps: list, Hidden: slices.Contains(own.Hidden, startHint)}
	for i := range out.Steps {
		if out.Steps[i].Done {
			out.Steps[i].Next = ""
		} else {
			out.Left++
		}
	}
	out.Over, err = svc.store.WasSetUp(ctx, st.ID, out.Left == 0)
	return out, err
}

// HideStart sets whether the caller is reminded of the steps.
func (svc *Service) HideStart(ctx context.Context, c access.Caller, hidden bool) error {
	if err := access.RequireStaff(c, true); err != nil {
		return err
	}
	own, err := svc.store.Personal(ctx, c.Person)
	if err != nil || slices.Contains(own.Hidden, startHint) == hidden {
		return err
	}
	list := slices.DeleteFunc(append([]string{}, own.Hidden...), func(hint string) bool { return hint == startHint })
	if hidden {
		list = append(list, startHint)
	}
	return svc.store.PutPersonal(ctx, c.Person, record.Personal{Hidden: list})
}

// firstStep counts scans only while nothing is filed: they are not read afterwards.
func firstStep(scans, filed int) Step {
	s := Step{
		Key: StepFirst, Name: "第一次扫码或第一件诉求", Done: scans > 0 || filed > 0, State: fmt.Sprintf("扫码 %d 次，还没有诉求", scans),
		Next: "用自己的手机扫一张码牌，看看打开的是不是本站，再提一件试试。",
	}
	if filed > 0 {
		s.State = fmt.Sprintf("诉求 %d 件", filed)
	}
	return s
}

func rosterStep(members int) Step {
	s := Step{
		Key: StepRoster, Name: "名册已导入", Done: members > 0, State: fmt.Sprintf("%d 位委员", members),
		Next: "下载空白名册，填好委员、议事室和点位，再导入；导入前会先给您看会改什么。",
	}
	if !s.Done {
		s.State = "名册里还没有委员"
	}
	return s
}

// dutyStep counts the slots that are still to come. Those of a surge alone are no rota.
func dutyStep(st *station.Station, now time.Time) Step {
	today, n := now.Format(time.DateOnly), 0
	for _, d := range st.Duty {
		m, ok := st.Member(d.Member)
		if ok && !m.Left && !d.Surge && (d.Weekday > 0 || d.Date >= today) {
			n++
		}
	}
	s := Step{
		Key: StepDuty, Name: "值班已排", Done: n > 0, State: fmt.Sprintf("%d 班", n),
		Next: "排上每周谁值班；扫码的人会看到此刻谁在，紧急的事先找值班的委员。",
	}
	if !s.Done {
		s.State = "还没有排班"
	}
	return s
}

func calendarStep(year int, source string) Step {
	s := Step{
		Key: StepCalendar, Name: "有今年的节假日安排", Done: source != "", State: fmt.Sprintf("%d 年放假和调休已录入", year),
		Next: "请管理员在服务器上运行 mashang holidays renew 录入；录入前期限只按周末算。本地另有安排的日子可以在工作日历里设。",
	}
	if !s.Done {
		s.State = fmt.Sprintf("还没有 %d 年的放假和调休", year)
	}
	return s
}

// wechatStep tells what this process knows of the platform without asking it.
func (svc *Service) wechatStep(ctx context.Context, now time.Time) (Step, error) {
	const doctor = "管理员在服务器上运行 mashang doctor，会逐项说明怎么改。"
	s := Step{Key: StepWeChat, Name: "微信已接通"}
	if svc.kit.Config.Emulated {
		s.Done, s.State = true, "演示：微信由本系统模拟，正式使用前请管理员填入小程序的 AppID"
		return s, nil
	}
	list, err := svc.store.Unread(ctx)
	if err != nil {
		return s, err
	}
	refused := slices.IndexFunc(list, func(u record.UnreadPush) bool {
		return (u.Why == unreadSealed || u.Why == unreadAccount) && now.Sub(u.At) < unreadWarningSpan
	})
	missing := svc.delivery.WithoutTemplate()
	switch {
	case svc.delivery.PlatformHeld():
		s.State, s.Next = "微信平台此刻没有应答", "过几分钟再看；一直这样，请"+doctor
	case refused >= 0:
		u := DescribeUnread(list[refused])
		s.State, s.Next = "微信的推送"+u.Why, u.Next+"。"+doctor
	case len(missing) > 0:
		s.State = fmt.Sprintf("还有 %d 种通知没有消息模板，这些通知发不出去", len(missing))
		s.Next = "在“通知模板”里看是哪几种，请管理员在公众平台选好模板并填进设置。" + doctor
	default:
		s.Done, s.State = true, "AppID、推送和通知模板都已配置"
	}
	return s, nil
}
