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

// What a member sends into the chat beside text.

// matterPage is the mini program's page of one submission.
const matterPage = "pages/matter/index"

// greet lists what the member has in hand when they open the chat, once a day.
func (svc *Service) greet(ctx context.Context, c access.Caller, m chatMatters) (string, error) {
	if len(m.hand) == 0 {
		return "", nil
	}
	first, err := svc.store.MarkGreeted(ctx, c.Person, svc.kit.Now().In(station.Zone).Format(time.DateOnly))
	if err != nil || !first {
		return "", err
	}
	return svc.askWhich(ctx, m, "您好！回复编号加内容即可答复，例如“"+m.hand[0].Number+" 已联系处理”。", m.hand)
}

// handleCard takes a card of a matter for the word that what comes next is for it.
func (svc *Service) handleCard(ctx context.Context, c access.Caller, page string) (string, error) {
	m, err := svc.mattersOf(ctx, c)
	if err != nil {
		return "", err
	}
	all, id := m.all(), matterOf(page)
	i := slices.IndexFunc(all, func(s casework.Submission) bool { return s.ID == id })
	switch {
	case i >= 0:
		return svc.selectMatter(ctx, c, m, all[i])
	case len(all) == 0:
		return nothingFor(c), nil
	case len(m.hand) > 0:
		return svc.askWhich(ctx, m, "这张卡片不是您待答复的诉求。", all)
	default:
		return svc.askWhich(ctx, m, "这张卡片不是您在办的诉求。", all)
	}
}

// handleEnter is somebody's opening of the chat. number is what the contact button they
// came by names: the matter of its page is then the one they speak of.
func (svc *Service) handleEnter(ctx context.Context, c access.Caller, number string) (string, error) {
	m, err := svc.mattersOf(ctx, c)
	if err != nil {
		return "", err
	}
	if number = numbers.Typed(number); number == "" {
		return svc.greet(ctx, c, m)
	}
	hits := slices.DeleteFunc(m.all(), func(s casework.Submission) bool { return s.Number != number })
	if len(hits) == 1 {
		return svc.selectMatter(ctx, c, m, hits[0])
	}
	// One that is over, or two: what is written next is for no other.
	if err := svc.store.SetOpened(ctx, c.Person, number, svc.kit.Now()); err != nil {
		return "", err
	}
	if len(hits) == 0 {
		return svc.greet(ctx, c, m)
	}
	return svc.askWhich(ctx, m, "有几个站的诉求编号都是 "+number+"。请点微信提示的“发送”，把卡片发到这里，再写内容。", hits)
}

// selectMatter makes the matter the one that the person's next words are about.
func (svc *Service) selectMatter(ctx context.Context, c access.Caller, m chatMatters, s casework.Submission) (string, error) {
	if err := svc.store.SetOpened(ctx, c.Person, s.ID, svc.kit.Now()); err != nil {
		return "", err
	}
	chosen := "已选定 " + s.Number + "（" + s.Kind.Chinese() + "）。"
	switch {
	case !m.inHand(s.ID):
		return chosen + "30 分钟内直接发文字或照片，就补充到这一件。", nil
	case len(m.waiting) > 0:
		return svc.askWhich(ctx, m, chosen+"您自己反映的事也在等您补充，所以请在内容前写上编号，例如“"+s.Number+" 已联系处理”。", m.waiting)
	default:
		return chosen + "30 分钟内直接发文字或照片，就是对这一件的答复。", nil
	}
}

// matterOf is the submission that a card's page shows, "" for none.
func matterOf(page string) string {
	path, query, _ := strings.Cut(strings.TrimPrefix(page, "/"), "?")
	if strings.TrimSuffix(path, ".html") != matterPage {
		return ""
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return values.Get("id")
}

// photoInChat takes a photo for an answer to the submission opened last, or adds it
// to the sender's own that waits for them.
func (svc *Service) photoInChat(ctx context.Context, c access.Caller, media string, came message) (string, error) {
	m, err := svc.mattersOf(ctx, c)
	if err != nil {
		return "", err
	}
	meant, err := svc.chosenMatter(ctx, c, m)
	switch {
	case err != nil:
		return "", err
	case meant.is && !meant.own:
		return svc.photoTo(ctx, c, meant.s, access.Reply, media, came)
	case meant.is:
		return svc.photoTo(ctx, c, meant.s, access.Message, media, came)
	case len(m.hand) > 0:
		return svc.askWhich(ctx, m, "不能确定这张照片是答复哪一件的，没有发出：请在小程序里打开那一件发，或先把它的卡片发到这里，再发照片。", append(slices.Clone(m.hand), m.waiting...))
	case len(m.waiting) == 0:
		return nothingFor(c), nil
	case len(m.waiting) > 1 || meant.lost:
		return svc.askWhich(ctx, m, "不能确定这张照片是补充哪一件的，没有发出：请先把那一件的卡片发到这里，或在小程序里打开那一件再发。", m.waiting)
	default:
		return svc.photoTo(ctx, c, m.waiting[0], access.Message, media, came)
	}
}

// alreadySent reports whether the person has just sent the same picture.
func (svc *Service) alreadySent(ctx context.Context, c access.Caller, s casework.Submission, what access.Action, u record.Upload, came message) (bool, error) {
	for _, e := range svc.lately(c, s, what, came) {
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
