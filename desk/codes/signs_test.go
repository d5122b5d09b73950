package codes_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

func TestSignsAreAJob(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.Emulated = true })
	s := b.Signing()
	j := b.Signs(codes.SignOrder{Template: record.SignDoor, Crop: true, Kinds: []station.TargetKind{station.ForMember}})
	if j.State != record.JobDone || j.Kind != "signs" || j.Name != "临江镇委员工作站门牌20260722.pdf" || j.Done != j.Total || j.Total == 0 {
		t.Errorf("%+v", j)
	}
	if s.Job.Template != record.SignDoor || !s.Job.Crop || s.Job.PNG || s.Job.DPI != 0 {
		t.Errorf("drawn as %+v", s.Job)
	}
	for _, x := range s.Asked {
		if x.Kind != "member" || x.CodeImage == nil || !x.Demo || x.URL != "https://q.example.cn/q/"+x.Key ||
			x.Station != "临江镇委员工作站" || len(x.Purposes) == 0 || len(x.Subtitle) == 0 {
			t.Errorf("a sign %+v", x)
		}
	}
	b.Signs(codes.SignOrder{Template: record.SignTable, Plain: true, PNG: true})
	for _, x := range s.Asked {
		if x.CodeImage != nil {
			t.Errorf("%s has the platform's code", x.Title)
		}
	}
	if !s.Job.PNG || len(s.Asked) != 11 { // of 12 codes one is of a member who left
		t.Errorf("%d signs, %+v", len(s.Asked), s.Job)
	}
}

// An order selects codes in use whose target exists, by every filter; a notice has each target once.
func TestWhichSigns(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	s := b.Signing()
	l := b.Liaison()
	yes := true
	key := b.Key(station.ForMember, "m01")
	again, err := b.Codes.NewCode(t.Context(), l, station.Target{Kind: station.ForMember, ID: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	count := func(o codes.SignOrder) int {
		t.Helper()
		o.Plain = true
		b.Signs(o)
		return len(s.Titles())
	}
	members := count(codes.SignOrder{Template: record.SignNotice})
	if n := count(codes.SignOrder{Template: record.SignDoor, Kinds: []station.TargetKind{station.ForMember}}); n != members+1 {
		t.Errorf("%d door signs for %d members, one with two codes", n, members)
	}
	if n := count(codes.SignOrder{Template: record.SignDoor, Keys: []string{key, again.Key}}); n != 2 {
		t.Errorf("%d signs for two keys", n)
	}
	if n := count(codes.SignOrder{Template: record.SignDoor, Keys: []string{key}, Kinds: []station.TargetKind{station.ForMember}}); n != 1 {
		t.Errorf("%d signs for one key and its kind", n)
	}
	if n := count(codes.SignOrder{Template: record.SignNotice, Kinds: []station.TargetKind{station.ForRoom, station.ForPlace}}); n == 0 || n == members {
		t.Errorf("%d rooms and places on a notice", n)
	}
	if _, err := b.Codes.ChangeCode(t.Context(), l, key, codes.CodeChange{Revoked: &yes}); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]codes.SignOrder{
		"revoked": {Template: record.SignDoor, Keys: []string{key}}, "none": {Template: record.SignDoor, Keys: []string{"2222222222"}},
		"no such village": {Template: record.SignDoor, Village: "没有这个村"},
	} {
		if _, err := b.Codes.Signs(t.Context(), l, o); desktest.WrongFields(err) != "keys" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for want, o := range map[string]codes.SignOrder{
		"template": {Template: "banner"}, "kinds": {Template: record.SignDoor, Kinds: []station.TargetKind{"tent"}},
		"keys": {Template: record.SignDoor, Keys: make([]string, 501)}, "headline": {Template: record.SignPoster, Headline: strings.Repeat("长", 11)},
	} {
		if _, err := b.Codes.Signs(t.Context(), l, o); desktest.WrongFields(err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := b.Codes.Signs(t.Context(), b.Member("m01"), codes.SignOrder{Template: record.SignDoor}); !fault.Is(err, fault.Denied) {
		t.Errorf("a member makes signs: %v", err)
	}
}

// A sign that cannot be drawn fails the job with a message that names the sign.
func TestSignsFail(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	s := b.Signing()
	s.Fail = fault.New(fault.Invalid, "码牌“陈一”画好后扫不出来")
	if j := b.Signs(codes.SignOrder{Template: record.SignDoor, Plain: true}); j.State != record.JobFailed || !strings.Contains(j.Error, "陈一") {
		t.Errorf("%+v", j)
	}
	s.Fail = nil
	s.Left = []record.SignFailure{{Index: 1, Key: "7kq4m2x001", Title: "王\uE000", Message: "第 2 张码牌的名称里有打印不出来的字：U+E000"}}
	if j := b.Signs(codes.SignOrder{Template: record.SignDoor, Plain: true}); j.State != record.JobDone || j.Size == 0 || j.Error != "" ||
		len(j.LeftOut) != 1 || j.LeftOut[0] != (record.JobGap{Name: "王\uE000", Message: s.Left[0].Message}) {
		t.Errorf("with one left out %+v", j)
	}
	s.Left = nil
	b.Line.Handle("/wxa/getwxacodeunlimit", desktest.Busy)
	if j := b.Signs(codes.SignOrder{Template: record.SignDoor}); j.State != record.JobFailed || !strings.Contains(j.Error, "普通二维码") {
		t.Errorf("without the platform %+v", j)
	}
}

// The preview is the real drawing.
func TestSignImage(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	key := b.Key(station.ForMember, "m01")
	for _, template := range record.SignTemplates {
		d, err := b.Codes.SignImage(t.Context(), l, key, codes.SignOrder{Template: template, Plain: true})
		if err != nil {
			t.Fatal(template, err)
		}
		if img, err := png.Decode(bytes.NewReader(d.Data)); err != nil || d.Type != "image/png" || img.Bounds().Dx() > 1000 {
			t.Errorf("%s: %s, %v", template, d.Type, err)
		}
	}
	for name, c := range map[string]struct {
		who  access.Caller
		key  string
		o    codes.SignOrder
		want fault.Code
	}{
		"another station's": {b.Bound(desktest.There, access.Liaison, "l01"), key, codes.SignOrder{Template: record.SignDoor}, fault.NotFound},
		"a member":          {b.Member("m01"), key, codes.SignOrder{Template: record.SignDoor}, fault.Denied},
		"no code":           {l, "2222222222", codes.SignOrder{Template: record.SignDoor}, fault.NotFound},
		"no template":       {l, key, codes.SignOrder{Template: "banner"}, fault.Invalid},
	} {
		if _, err := b.Codes.SignImage(t.Context(), c.who, c.key, c.o); !fault.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
