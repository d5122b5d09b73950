package desk

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"mashang/access"
	"mashang/casework"
	"mashang/station"
)

// What a member sends into the chat beside text.

// matterPage is the mini program's page of one submission.
const matterPage = "pages/matter/index"

// greet lists what the member has in hand when they open the chat, once a day.
func (d *Desk) greet(ctx context.Context, c access.Caller) (string, error) {
	mine, err := d.inHand(ctx, c)
	if err != nil || len(mine) == 0 {
		return "", err
	}
	first, err := d.store.ListedOn(ctx, c.Person, d.now().In(station.Zone).Format(time.DateOnly))
	if err != nil || !first {
		return "", err
	}
	return "您好！回复编号加内容即可答复，例如“" + mine[0].Number + " 已联系处理”。\n" + which(mine), nil
}

// choose takes a card of a matter for the word that the next answer is to it.
func (d *Desk) choose(ctx context.Context, c access.Caller, page string) (string, error) {
	mine, err := d.inHand(ctx, c)
	if err != nil {
		return "", err
	}
	if len(mine) == 0 {
		return nothingInHand, nil
	}
	id := matterOf(page)
	i := slices.IndexFunc(mine, func(s casework.Submission) bool { return s.ID == id })
	if i < 0 {
		return "这张卡片不是您待答复的诉求。\n" + which(mine), nil
	}
	return d.selects(ctx, c, mine[i])
}

// enters is a member's opening of the chat. number is what the contact button
// they came by names: the matter of its page is then the one they speak of.
func (d *Desk) enters(ctx context.Context, c access.Caller, number string) (string, error) {
	mine, err := d.inHand(ctx, c)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(mine, func(s casework.Submission) bool { return s.Number == number })
	if i < 0 {
		return d.greet(ctx, c)
	}
	return d.selects(ctx, c, mine[i])
}

// selects makes the matter the one that a member's next words are about.
func (d *Desk) selects(ctx context.Context, c access.Caller, s casework.Submission) (string, error) {
	if err := d.store.SetOpened(ctx, c.Person, s.ID, d.now()); err != nil {
		return "", err
	}
	return "已选定 " + s.Number + "（" + s.Kind.Chinese() + "）。30 分钟内直接发文字或照片，就是对这一件的答复。", nil
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

// photoInChat answers the submission opened last with a photo.
func (d *Desk) photoInChat(ctx context.Context, c access.Caller, media string, again bool) (string, error) {
	mine, err := d.inHand(ctx, c)
	if err != nil {
		return "", err
	}
	if len(mine) == 0 {
		return nothingInHand, nil
	}
	s, ok, err := d.opened(ctx, c, mine)
	if err != nil {
		return "", err
	}
	if !ok {
		return "不能确定这张照片是答复哪一件的：请先在小程序里打开那一件，或把它的卡片发到这里，再发照片。\n" + which(mine), nil
	}
	return d.photoTo(ctx, c, s, access.Reply, media, again)
}

// shown reports whether the person has just sent the same picture.
func (d *Desk) shown(ctx context.Context, c access.Caller, s casework.Submission, what casework.Act, u Upload, again bool) (bool, error) {
	for _, e := range d.lately(c, s, what, again) {
		for _, id := range e.Photos {
			before, err := d.store.Upload(ctx, id)
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
