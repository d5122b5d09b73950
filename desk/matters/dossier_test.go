package matters_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// printed is the text of a PDF without white space, "" where nothing can read it.
func printed(t *testing.T, pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("pdftotext is not installed: sudo apt-get install poppler-utils")
		}
		t.Skip("pdftotext is not installed")
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

// TestDossier has the whole file, for the liaison only, and is audited. It has phone numbers only if requested,
// and never what is hidden from the visitor.
func TestDossier(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, l := b.Visitor("traveller"), b.Member("m01"), b.Liaison()
	good, bad := b.Photo(v, 10), b.Photo(v, 200)
	b.RunPhotoChecks()
	for id, show := range map[string]bool{good: true, bad: false} {
		if _, err := b.Store.Judge(t.Context(), id, map[bool]record.Safety{true: "passed", false: "risky"}[show], false); err != nil {
			t.Fatal(err)
		}
	}
	s := b.File(v, b.Key(station.ForMember, "m01"), desktest.Tourist, desktest.Phone("13800138000"), desktest.WithText("停车场多收二十元"), func(r *filing.Request) {
		r.Filing.Photos = []string{good, bad}
		r.Filing.Against = &casework.Against{Name: "东岸停车场", AmountFen: 2050}
	})
	b.Act(m, s.ID, casework.Reply{Text: "正在核实"})
	b.Act(l, s.ID, casework.Assign{To: "m02", Reason: "内部说明"})
	b.Act(b.Member("m02"), s.ID, casework.Return{Reason: "不归我管的内部话"})
	ask := func(c access.Caller, contacts bool) (string, error) {
		pdf, number, err := b.Matters.Dossier(t.Context(), c, s.ID, matters.DossierRequest{
			Reason: "移交旅游投诉受理机构", Contacts: contacts,
			Timeline: func(v *matters.View) []string {
				var list []string
				for _, e := range v.Thread {
					list = append(list, e.Text)
				}
				return list
			},
		})
		if err != nil {
			return "", err
		}
		if number != s.Number || !bytes.HasPrefix(pdf, []byte("%PDF")) {
			t.Errorf("number %s, %d bytes", number, len(pdf))
		}
		return printed(t, pdf), nil
	}
	for who, c := range map[string]access.Caller{"the visitor": v, "the member": m} {
		if _, err := ask(c, true); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if _, err := ask(b.Bound(desktest.There, access.Liaison, "l01"), true); !fault.Is(err, fault.NotFound) {
		t.Errorf("another station's liaison: %v", err)
	}
	if lines := fmt.Sprint(b.AuditTrail()); strings.Contains(lines, "dossier") {
		t.Errorf("written down of what was refused: %s", lines)
	}
	plain, err := ask(l, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		s.Number, "停车场多收二十元", "东岸停车场", "20.50元", "正在核实", "移送原因：移交旅游投诉受理机构", "第九十一条", "SHA-256", "未附", "可向受理单位索取",
	} {
		if !strings.Contains(plain, want) {
			t.Errorf("%s is not in it:\n%s", want, plain)
		}
	}
	for _, never := range []string{"13800138000", "不归我管的内部话"} {
		if strings.Contains(plain, never) {
			t.Errorf("%s is in it", never)
		}
	}
	if full, err := ask(l, true); err != nil || !strings.Contains(full, "13800138000") {
		t.Errorf("with contacts: %v", err)
	}
	lines := fmt.Sprint(b.AuditTrail())
	if !strings.Contains(lines, "dossier") || !strings.Contains(lines, "dossier-contacts") {
		t.Errorf("written down: %s", lines)
	}
	if _, _, err := b.Matters.Dossier(t.Context(), l, s.ID, matters.DossierRequest{}); !fault.Is(err, fault.Invalid) || !slices.Contains(desktest.FieldsOf(err), "reason") {
		t.Errorf("without a reason: %v", err)
	}
	// Without an audit line nothing is shown.
	b.ReadOnly(true)
	if _, err := ask(l, false); !fault.Is(err, fault.Unavailable) {
		t.Errorf("with a store that keeps nothing: %v", err)
	}
	b.ReadOnly(false)
}

// TestADossierShowsNoMoreNumbersThanItMay: beyond that it is refused in words before any line says that they were shown.
func TestADossierShowsNoMoreNumbersThanItMay(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForMember, "m01")
	lead := b.File(b.Visitor("villager"), key, desktest.WithText("车场多收了我十元"), desktest.Phone("13800138000")).ID
	for i := range 12 {
		o := b.File(b.Visitor(fmt.Sprintf("visitor%02d", i)), key, desktest.WithText(fmt.Sprint("同一个车场也多收我二十", i)), desktest.Phone("13900139000")).ID
		if _, err := b.Matters.Merge(t.Context(), l, o, lead, b.Load(o).Version, "同一处"); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(contacts bool) error {
		_, _, err := b.Matters.Dossier(t.Context(), l, lead, matters.DossierRequest{
			Reason: "移交", Contacts: contacts, Timeline: func(*matters.View) []string { return nil },
		})
		return err
	}
	if err := ask(true); desktest.WrongFields(err) != "contacts" || strings.Contains(fmt.Sprint(b.AuditTrail()), "dossier") {
		t.Errorf("with 13 numbers: %v, audit %q", err, b.AuditTrail())
	}
	if err := ask(false); err != nil {
		t.Errorf("without numbers: %v", err)
	}
	if _, err := b.Overview.Phone(t.Context(), l, lead, "急事"); err != nil {
		t.Errorf("the limit of the hour is used up: %v", err)
	}
}

// TestADossierKeepsToTheStationsOwnLimit: what the station never shows at once is refused, and uses up nothing.
func TestADossierKeepsToTheStationsOwnLimit(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForMember, "m01")
	if _, err := b.Roster.SetRevealPolicy(t.Context(), b.Admin(), station.RevealPolicy{MaxPerHour: 2}); err != nil {
		t.Fatal(err)
	}
	lead := b.File(b.Visitor("villager"), key, desktest.WithText("车场多收了我十元"), desktest.Phone("13800138000")).ID
	for i := range 2 {
		o := b.File(b.Visitor(fmt.Sprintf("visitor%02d", i)), key, desktest.WithText(fmt.Sprint("同一个车场也多收我二十", i)), desktest.Phone("13900139000")).ID
		if _, err := b.Matters.Merge(t.Context(), l, o, lead, b.Load(o).Version, "同一处"); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err := b.Matters.Dossier(t.Context(), l, lead, matters.DossierRequest{
		Reason: "移交", Contacts: true, Timeline: func(*matters.View) []string { return nil },
	})
	if desktest.WrongFields(err) != "contacts" || !strings.Contains(err.Error(), "最多带 2 位") {
		t.Errorf("with 3 numbers: %v", err)
	}
	for range 2 {
		if _, err := b.Overview.Phone(t.Context(), l, lead, "急事"); err != nil {
			t.Errorf("the limit of the hour is used up: %v", err)
		}
	}
}
