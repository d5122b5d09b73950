package codes

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/language"
	"mashang/domain/recurrence"
	"mashang/domain/station"
)

// Sign is what a code shows to anyone who scans it.
type Sign struct {
	Key     string
	Kind    station.TargetKind
	Name    string
	Revoked bool
	Station StationRef
	// Member is set for a member's code.
	Member *MemberCard
	// Reception is set for the code of a rule of reception.
	Reception *ReceptionCard
	OnDuty    []Duty
	// Next is who is on duty next; set when nobody is on duty now.
	Next       []Duty
	Categories []station.Category
	Kinds      []casework.Kind
	// Photo reports whether the member has a portrait; Portrait is its file hash.
	Photo    bool
	Portrait string
	// Notice is what everybody who scans should know now, "" for nothing.
	Notice string
}

// StationRef is a station as strangers see it.
type StationRef struct{ ID, Name, Phone, Address string }

// Stations returns stations as strangers see them. One whose roster cannot be read is left out.
func (svc *Service) Stations(ctx context.Context, ids []string) (list []StationRef) {
	for _, id := range ids {
		st, err := svc.kit.Roster(ctx, id)
		if err != nil {
			svc.kit.Log.WarnContext(ctx, "roster not read", slog.String("station", id), slog.Any("err", err))
			continue
		}
		list = append(list, StationRef{st.ID, st.Name, st.Phone, st.Address})
	}
	return list
}

// MemberCard is a member as strangers see them.
type MemberCard struct {
	ID, Name, Sector, Village, Title string
	Expertise                        []string
}

// Duty is a member on duty, with the shift's times.
type Duty struct {
	Member   MemberCard
	From, To time.Time
}

// maxNextShifts is how many of the next shifts a page shows.
const maxNextShifts = 3

// Sign returns what the key's code shows. A revoked code, or one whose target has left the roster, shows its
// station only, so that the person still finds a contact.
func (svc *Service) Sign(ctx context.Context, key string) (Sign, error) {
	key, err := station.ParseScene(key)
	if err != nil {
		return Sign{}, err
	}
	code, err := svc.kit.Code(ctx, key)
	if err != nil {
		return Sign{}, err
	}
	st, err := svc.kit.Roster(ctx, code.Station)
	if err != nil {
		return Sign{}, err
	}
	s := Sign{
		Key: key, Kind: code.Target.Kind, Revoked: code.Revoked,
		Station: StationRef{st.ID, st.Name, st.Phone, st.Address}, Categories: st.Categories, Kinds: casework.Kinds,
	}
	name, ok := st.Resolve(code.Target)
	if !ok {
		s.Revoked = true
	}
	if s.Revoked {
		s.Name = st.Name
		return s, nil
	}
	s.Name = name
	if m, ok := st.Member(code.Target.ID); ok && code.Target.Kind == station.ForMember {
		card := CardOf(m)
		s.Member = &card
		if s.Portrait, err = svc.portraitOf(ctx, st.ID, m.ID); err != nil {
			// The page works without the portrait.
			svc.kit.Log.WarnContext(ctx, "photos of members not read", slog.Any("err", err))
		}
		s.Photo = s.Portrait != ""
	}
	if r, ok := st.Reception(code.Target.ID); ok && code.Target.Kind == station.ForReception {
		card := ReceptionCardOf(st, r)
		s.Reception = &card
	}
	now := svc.kit.Now()
	for _, x := range st.DutyAt(code.Target, now) {
		m, _ := st.Member(x.Member)
		s.OnDuty = append(s.OnDuty, Duty{Member: CardOf(m), From: x.From, To: x.To})
	}
	if len(s.OnDuty) == 0 {
		for _, x := range st.NextShifts(code.Target, now, maxNextShifts) {
			m, _ := st.Member(x.Member)
			s.Next = append(s.Next, Duty{Member: CardOf(m), From: x.From, To: x.To})
		}
	}
	if st.Surging(now) {
		s.Notice = SurgeWords(st, language.Chinese)
	}
	return s, nil
}

// ReceptionCard says when and where people are received by a rule.
type ReceptionCard struct {
	// Days are in Chinese words: 每周五. Hours are 09:00–12:00.
	Days, Hours, Where string
}

// ReceptionCardOf returns what a sign shows of a rule.
func ReceptionCardOf(st *station.Station, r station.Reception) ReceptionCard {
	where, _ := st.Resolve(r.Target())
	days := r.Repeat
	if rule, err := recurrence.Parse(r.Repeat); err == nil {
		days = rule.String()
	}
	clock := func(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
	return ReceptionCard{Days: days, Hours: clock(r.From) + "–" + clock(r.To), Where: where}
}

// CardOf returns what a sign shows of a member.
func CardOf(m station.Member) MemberCard {
	return MemberCard{m.ID, m.Name, m.Sector, m.Village, m.Title, m.Expertise}
}

// URL returns the address printed for a key.
func (svc *Service) URL(key string) string { return svc.kit.Config.PublicURL + "/q/" + key }

// Drawing is an image of a code.
type Drawing struct {
	Type string
	Data []byte
}

// QRCode draws the plain-link QR code of an unrevoked code, as "png" (px wide) or "svg".
func (svc *Service) QRCode(ctx context.Context, key, format string, px int) (Drawing, error) {
	key, err := svc.usable(ctx, key)
	if err != nil {
		return Drawing{}, err
	}
	if format == "svg" {
		data, err := svc.painter.SVG(svc.URL(key))
		return Drawing{"image/svg+xml", data}, err
	}
	data, err := svc.painter.PNG(svc.URL(key), px)
	return Drawing{"image/png", data}, err
}

// CodeImage returns the platform's round code of an unrevoked code.
func (svc *Service) CodeImage(ctx context.Context, key string) (Drawing, error) {
	key, err := svc.usable(ctx, key)
	if err != nil {
		return Drawing{}, err
	}
	data, err := svc.images.Get(ctx, key, func(ctx context.Context, _ []byte) ([]byte, error) {
		return svc.platform.CodeImage(ctx, key)
	})
	if err != nil {
		return Drawing{}, err
	}
	return Drawing{imageType(data), data}, nil
}

// imageType distinguishes the platform's two formats by the first byte.
func imageType(data []byte) string {
	if len(data) > 0 && data[0] == 0x89 {
		return "image/png"
	}
	return "image/jpeg"
}

func (svc *Service) usable(ctx context.Context, key string) (string, error) {
	s, err := svc.Sign(ctx, key)
	if err != nil {
		return "", err
	}
	if s.Revoked {
		return "", fault.New(fault.NotFound, "这个码已经停用，请联系%s", s.Station.Name)
	}
	return s.Key, nil
}
