package e2e_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mashang/domain/notice"
	"mashang/wechat/emulator"
)

// wireSafety is what a submission says of dangers and unchecked photos.
type wireSafety struct {
	Version   int `json:"version"`
	Emergency *struct {
		Kinds    []string `json:"kinds"`
		Hotlines []struct {
			Number string `json:"number"`
		} `json:"hotlines"`
		Advice   string `json:"advice"`
		Attended bool   `json:"attended"`
	} `json:"emergency"`
	PhotoChecks []struct {
		ID     string `json:"id"`
		State  string `json:"state"`
		Advice string `json:"advice"`
	} `json:"photo_checks"`
}

// TestSafety: the real server, a platform that fetches photos over HTTP and
// answers by pushes, and a text that cannot wait.
func TestSafety(t *testing.T) {
	t.Parallel()
	site := newSite(t, nil)
	s := newStage(t, site)
	site.start()
	site.ready()
	invitations := filepath.Join(site.work, "invitations.csv")
	site.mustRun("roster", "import", "--invitations", invitations, smallRoster().folder(t))
	codes := readInvitations(t, invitations)
	visitor, member, liaison := s.enter(site, "oSafetyVisitor-0000000000001"), s.enter(site, "oSafetyMember-00000000000001"), s.enter(site, "oSafetyLiaison-0000000000001")
	member.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": codes["黄土坡"]}, nil)
	liaison.call(http.StatusOK, http.MethodPost, "/bindings", object{"invitation": codes["梁上燕"]}, nil)
	s.allows(liaison.OpenID, 3, notice.LiaisonAlarm)
	s.allows(visitor.OpenID, 3, notice.VisitorProgress)
	key := site.keyOf(liaison)

	s.emu.SetMediaVerdicts(visitor.OpenID, emulator.VerdictPass, emulator.VerdictRisky)
	good := visitor.uploaded("good.jpg", photo(t, 1))
	status := func(p *phone, id string) int {
		t.Helper()
		a, err := p.do(t.Context(), http.MethodGet, "/uploads/"+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		return a.status
	}
	filed := visitor.filed("safety-key-1", object{"scene": key, "kind": "help", "text": "码头有人落水，快来救人", "photos": []string{good.ID}})
	eventually(t, "the good photo to be shown to the member", func() error {
		if got := status(member, good.ID); got != http.StatusOK {
			return fmt.Errorf("status %d", got)
		}
		return nil
	})
	bad := visitor.uploaded("bad.jpg", photo(t, 2))
	visitor.act(filed.ID, "messages", object{"photos": []string{bad.ID}})
	var held wirePage[struct {
		Upload wireUpload `json:"upload"`
		State  string     `json:"state"`
	}]
	eventually(t, "the risky photo to wait for the liaison", func() error {
		liaison.call(http.StatusOK, http.MethodGet, "/station/photos", nil, &held)
		if len(held.Items) != 1 || held.Items[0].Upload.ID != bad.ID || held.Items[0].State != "risky" {
			return fmt.Errorf("held %+v", held.Items)
		}
		return nil
	})
	if m, l := status(member, bad.ID), status(liaison, bad.ID); m != http.StatusNotFound || l != http.StatusOK {
		t.Errorf("the risky photo: %d for the member, %d for the liaison", m, l)
	}
	eventually(t, "the visitor to be told of their photo", func() error {
		for _, m := range s.emu.Messages(visitor.OpenID) {
			if strings.Contains(m.Data["thing4"].Value, "照片未通过检查") {
				return nil
			}
		}
		return errNotYet
	})
	liaison.call(http.StatusOK, http.MethodPost, "/uploads/"+bad.ID+"/verdict", object{"show": true, "reason": "是现场证据"}, nil)
	if got := status(member, bad.ID); got != http.StatusOK {
		t.Errorf("after the liaison's word: %d", got)
	}

	var read wireSafety
	visitor.call(http.StatusOK, http.MethodGet, "/submissions/"+filed.ID, nil, &read)
	if read.Emergency == nil || read.Emergency.Attended || !slices.Equal(read.Emergency.Kinds, []string{"water", "life"}) ||
		len(read.Emergency.Hotlines) != 4 || read.Emergency.Hotlines[0].Number != "119" || !chinese(read.Emergency.Advice) {
		t.Errorf("emergency %+v", read.Emergency)
	}
	eventually(t, "the liaison to be alarmed", func() error {
		for _, m := range s.emu.Messages(liaison.OpenID) {
			if m.Template == tmpl(notice.LiaisonAlarm) && m.Data["character_string1"].Value == filed.Number {
				return nil
			}
		}
		return errNotYet
	})
	if alarms := all[wireSubmission](liaison, "/station/alarms", 10); len(alarms) != 1 || alarms[0].ID != filed.ID {
		t.Errorf("alarms %+v", alarms)
	}
	liaison.act(filed.ID, "attend", object{"version": read.Version, "reason": "已通知海事所"})
	if alarms := all[wireSubmission](liaison, "/station/alarms", 10); len(alarms) != 0 {
		t.Errorf("alarms after it was seen to: %+v", alarms)
	}
}
