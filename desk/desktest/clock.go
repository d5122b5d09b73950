package desktest

import (
	"slices"
	"testing"
	"time"

	"mashang/domain/access"
	"mashang/domain/notice"
	"mashang/domain/station"
)

const (
	OpenL01 = Here + "-liaison-l01"
	OpenL02 = Here + "-liaison-l02"
	OpenM02 = Here + "-member-m02"
)

// Command is a bundle whose station has a squad led by m02, two liaisons and a head, all of whom can be
// notified.
func Command(t *testing.T) *Bundle {
	t.Helper()
	b := Setup(t)
	st := Town()
	st.Squads = []station.Squad{{ID: "q1", Name: "文旅专班", Leader: "m02", Members: []string{"m01"}}}
	st.Liaisons = append(st.Liaisons, station.Liaison{ID: "l02", Name: "郑站长"})
	st.Rules = &station.Rules{Version: 1, Terms: &station.Terms{Head: "l02"}}
	b.Put(st, 1)
	b.Clock.Advance(3 * time.Second) // rosters are read again after two seconds
	b.Member("m01")
	b.Member("m02")
	b.Bound(Here, access.Liaison, "l01")
	b.Bound(Here, access.Liaison, "l02")
	for _, who := range []string{PhoneOfM01, OpenM02} {
		b.Consent(who, notice.MemberUrge, 50)
		b.Consent(who, notice.MemberNew, 90)
	}
	for _, who := range []string{OpenL01, OpenL02} {
		b.Consent(who, notice.LiaisonUrge, 50)
	}
	return b
}

// ReminderTexts returns the last words of each reminder that somebody has got.
func (b *Bundle) ReminderTexts(openid string) []string {
	var list []string
	for _, m := range slices.Backward(b.Emu.Messages(openid)) { // newest first
		if m.Template == Template(notice.MemberUrge) || m.Template == Template(notice.LiaisonUrge) {
			list = append(list, m.Data["thing4"].Value)
		}
	}
	return list
}

// SweepUntil sweeps and delivers every five minutes until the time.
func (b *Bundle) SweepUntil(until time.Time) {
	b.T.Helper()
	for b.Clock.Now().Before(until) {
		b.Clock.Advance(5 * time.Minute)
		b.Sweep()
		b.Deliver()
	}
}

func At(day, hour, minute int) time.Time {
	return time.Date(2026, 7, day, hour, minute, 0, 0, station.Zone)
}
