package inbound

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/numbers"
	"mashang/domain/record"
	"mashang/domain/station"
)

// This file handles chat events other than text.

// submissionPage is the mini program's page of one submission.
const submissionPage = "pages/matter/index"

// greet lists the member's assigned submissions when they open the chat, once a day.
func (svc *Service) greet(ctx context.Context, c access.Caller, m openSubmissions) (string, error) {
	if len(m.assigned) == 0 {
		return "", nil
	}
	first, err := svc.store.MarkGreeted(ctx, c.Person, svc.kit.Now().In(station.Zone).Format(time.DateOnly))
	if err != nil || !first {
		return "", err
	}
	return svc.askWhich(ctx, m, "您好！回复编号加内容即可答复，例如“"+m.assigned[0].Number+" 已联系处理”。", m.assigned)
}

// handleCard selects the submission of a card for the messages that follow.
func (svc *Service) handleCard(ctx context.Context, c access.Caller, page string) (string, error) {
	m, err := svc.openSubmissions(ctx, c)
	if err != nil {
		return "", err
	}
	all, id := m.all(), submissionInPage(page)
	i := slices.IndexFunc(all, func(s casework.Submission) bool { return s.ID == id })
	switch {
	case i >= 0:
		return svc.selectSubmission(ctx, c, m, all[i])
	case len(all) == 0:
		return noTargetText(c), nil
	case len(m.assigned) > 0:
		return svc.askWhich(ctx, m, "这张卡片不是您待答复的诉求。", all)
	default:
		return svc.askWhich(ctx, m, "这张卡片不是您在办的诉求。", all)
	}
}

// handleEnter handles the opening of the chat. number is that of the page whose contact button was used: its
// submission is then selected.
func (svc *Service) handleEnter(ctx context.Context, c access.Caller, number string) (string, error) {
	m, err := svc.openSubmissions(ctx, c)
	if err != nil {
		return "", err
	}
	if number = numbers.Typed(number); number == "" {
		return svc.greet(ctx, c, m)
	}
	hits := slices.DeleteFunc(m.all(), func(s casework.Submission) bool { return s.Number != number })
	if len(hits) == 1 {
		return svc.selectSubmission(ctx, c, m, hits[0])
	}
	// The number is of a closed submission or of two. The next text must not go to any other.
	if err := svc.store.SetOpened(ctx, c.Person, number, svc.kit.Now()); err != nil {
		return "", err
	}
	if len(hits) == 0 {
		return svc.greet(ctx, c, m)
	}
	return svc.askWhich(ctx, m, "有几个站的诉求编号都是 "+number+"。请点微信提示的“发送”，把卡片发到这里，再写内容。", hits)
}

// selectSubmission selects the submission that the person's next texts are about.
func (svc *Service) selectSubmission(ctx context.Context, c access.Caller, m openSubmissions, s casework.Submission) (string, error) {
	if err := svc.store.SetOpened(ctx, c.Person, s.ID, svc.kit.Now()); err != nil {
		return "", err
	}
	chosen := "已选定 " + s.Number + "（" + s.Kind.Chinese() + "）。"
	switch {
	case !m.isAssigned(s.ID):
		return chosen + "30 分钟内直接发文字或照片，就补充到这一件。", nil
	case len(m.waiting) > 0:
		return svc.askWhich(ctx, m, chosen+"您自己反映的事也在等您补充，所以请在内容前写上编号，例如“"+s.Number+" 已联系处理”。", m.waiting)
	default:
		return chosen + "30 分钟内直接发文字或照片，就是对这一件的答复。", nil
	}
}

// submissionInPage returns the id in a submission page's path, "" for another page.
func submissionInPage(page string) string {
	path, query, _ := strings.Cut(strings.TrimPrefix(page, "/"), "?")
	if strings.TrimSuffix(path, ".html") != submissionPage {
		return ""
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return values.Get("id")
}

// handlePhoto adds a photo as a reply to the selected submission, or as a message to the sender's own that
// waits for them.
func (svc *Service) handlePhoto(ctx context.Context, c access.Caller, media string, in arrival) (string, error) {
	m, err := svc.openSubmissions(ctx, c)
	if err != nil {
		return "", err
	}
	sel, err := svc.currentSelection(ctx, c, m)
	switch {
	case err != nil:
		return "", err
	case sel.ok && !sel.own:
		return svc.sendPhoto(ctx, c, sel.s, access.Reply, media, in)
	case sel.ok:
		return svc.sendPhoto(ctx, c, sel.s, access.Message, media, in)
	case len(m.assigned) > 0:
		return svc.askWhich(ctx, m, "不能确定这张照片是答复哪一件的，没有发出：请在小程序里打开那一件发，或先把它的卡片发到这里，再发照片。", append(slices.Clone(m.assigned), m.waiting...))
	case len(m.waiting) == 0:
		return noTargetText(c), nil
	case len(m.waiting) > 1 || sel.unclear:
		return svc.askWhich(ctx, m, "不能确定这张照片是补充哪一件的，没有发出：请先把那一件的卡片发到这里，或在小程序里打开那一件再发。", m.waiting)
	default:
		return svc.sendPhoto(ctx, c, m.waiting[0], access.Message, media, in)
	}
}

// isRepeatedPhoto reports whether the person has just sent the same picture.
func (svc *Service) isRepeatedPhoto(ctx context.Context, c access.Caller, s casework.Submission, what access.Action, u record.Upload, in arrival) (bool, error) {
	for _, e := range svc.recentEntries(c, s, what, in) {
		for _, id := range e.Photos {
			before, err := svc.store.Upload(ctx, id)
			if err != nil {
				return false, err
			}
			if before.Hash == u.Hash {
				return true, nil
			}
		}
	}
	return false, nil
}
