package emulator

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// errOpenID is the message for an invalid openid.
const errOpenID = "openid must be 4 to 64 letters, digits, _ or -"

// Write acts as if the person wrote a text into the customer-service chat. It is pushed, and the program may
// answer five times in 48 hours.
func (e *Emulator) Write(ctx context.Context, openid, text string) error {
	switch {
	case strings.TrimSpace(text) == "" || len(text) > maxChat || !utf8.ValidString(text):
		return badInput("text must hold 1 to 2048 bytes")
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' }):
		return badInput("text must hold no control characters")
	}
	return e.receiveFromPerson(ctx, openid, Line{Text: text}, "text", pair{"Content", text})
}

// SendImage is Write for a picture: JPEG, PNG or GIF of at most 10 MiB. contentType must match the bytes. The
// program can fetch it by its media id for three days.
func (e *Emulator) SendImage(ctx context.Context, openid, contentType string, data []byte) error {
	if len(data) > maxImage || sniff(data) != contentType || !slices.Contains(imageTypes, contentType) {
		return badInput("a picture must be a JPEG, PNG or GIF of at most 10 MiB")
	}
	if !openidShape.MatchString(openid) {
		return badInput(errOpenID)
	}
	id, _ := e.media.put(contentType, data)
	return e.receiveFromPerson(ctx, openid, Line{Text: shownImage, Media: id}, "image", pair{"PicUrl", pictureURL(id)}, pair{"MediaId", id})
}

// SendVoice is Write for a recording: AMR or MP3 of at most 2 MiB.
func (e *Emulator) SendVoice(ctx context.Context, openid, contentType string, data []byte) error {
	if len(data) > maxVoice || sniff(data) != contentType || !isVoice(contentType) {
		return badInput("a recording must be AMR or MP3 of at most 2 MiB")
	}
	if !openidShape.MatchString(openid) {
		return badInput(errOpenID)
	}
	format := "amr"
	if contentType != "audio/amr" {
		format = "mp3"
	}
	id, _ := e.media.put(contentType, data)
	return e.receiveFromPerson(ctx, openid, Line{Text: shownVoice, Media: id}, "voice", pair{"Format", format}, pair{"MediaId", id})
}

// SendCard is Write for a card that opens a page of the released version.
func (e *Emulator) SendCard(ctx context.Context, openid, title, page string) error {
	switch {
	case strings.TrimSpace(title) == "" || len(title) > maxChat || !utf8.ValidString(title):
		return badInput("title must hold 1 to 2048 bytes")
	case !e.released(page):
		return badInput("page is not in the released version")
	case !openidShape.MatchString(openid):
		return badInput(errOpenID)
	}
	thumb, err := drawCode(codeStyle{scene: page, width: minWidth})
	if err != nil {
		return err
	}
	id, _ := e.media.put("image/jpeg", thumb)
	return e.receiveFromPerson(ctx, openid, Line{Text: shownCard + title, Media: id, Page: page}, "miniprogrampage",
		pair{"Title", title}, pair{"AppId", e.opts.AppID}, pair{"PagePath", page},
		pair{"ThumbUrl", pictureURL(id)}, pair{"ThumbMediaId", id})
}

// pictureURL returns an address like the platform's for pictures of its users. The emulator does not serve it;
// the media id leads to the picture.
func pictureURL(id string) string { return "https://mmbiz.qpic.cn/emulator/" + url.PathEscape(id) }

// receiveFromPerson adds the person's line to the chat, opens the long window and pushes the message.
func (e *Emulator) receiveFromPerson(ctx context.Context, openid string, said Line, msgType string, more ...pair) error {
	if !openidShape.MatchString(openid) {
		return badInput(errOpenID)
	}
	if err := e.ensurePerson(ctx, openid); err != nil {
		return err
	}
	if !e.canChat(openid) {
		return badInput(errNotOpened)
	}
	now := e.opts.Clock()
	said.From, said.At = FromUser, now.In(china)
	e.people.with(openid, func(p *person) {
		p.active = now
		p.wroteQuota = chatQuota{until: now.Add(wroteWindow), left: wroteCount}
		p.chat = appendBounded(p.chat, said)
	})
	d, _ := e.header(openid, msgType)
	return e.push(ctx, openid, append(append(d, more...), pair{"MsgId", e.random.number()}))
}

// errNotOpened is the message for using a chat that is not open.
const errNotOpened = "the chat is not open: a phone opens it by a contact button of the program"

// canChat reports whether the person can use the chat. With Options.Contacts they must have opened it by a
// contact button.
func (e *Emulator) canChat(openid string) (yes bool) {
	if e.opts.Contacts == nil {
		return true
	}
	e.people.with(openid, func(p *person) { yes = p.opened })
	return yes
}

// Enter acts as if the person opened the chat from their list of chats. It is pushed, and the program may send
// two messages within a minute.
func (e *Emulator) Enter(ctx context.Context, openid string) error {
	if !openidShape.MatchString(openid) {
		return badInput(errOpenID)
	}
	if !e.canChat(openid) {
		return badInput(errNotOpened)
	}
	return e.enter(ctx, openid, "")
}

// EnterFrom is Enter by the contact button of a page ("pages/a/index?id=1"),
// which must be one of Options.Contacts. session is the button's session-from.
func (e *Emulator) EnterFrom(ctx context.Context, openid, page, session string) error {
	path, _, _ := strings.Cut(page, "?")
	switch {
	case !openidShape.MatchString(openid):
		return badInput(errOpenID)
	case e.opts.Contacts != nil && !slices.Contains(e.opts.Contacts, path):
		return badInput("the page has no contact button; pages with one: " + strings.Join(e.opts.Contacts, " "))
	case len(session) > maxChat || !utf8.ValidString(session):
		return badInput("session_from must hold at most 2048 bytes")
	}
	return e.enter(ctx, openid, session)
}

func (e *Emulator) enter(ctx context.Context, openid, session string) error {
	if err := e.ensurePerson(ctx, openid); err != nil {
		return err
	}
	now := e.opts.Clock()
	e.people.with(openid, func(p *person) {
		p.active, p.opened = now, true
		p.enteredQuota = chatQuota{until: now.Add(enteredWindow), left: enteredCount}
	})
	return e.pushEnter(ctx, openid, session)
}
