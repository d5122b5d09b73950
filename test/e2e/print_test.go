package e2e_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPrintedCodes reads the print sheets back as a phone's camera would.
func TestPrintedCodes(t *testing.T) {
	t.Parallel()
	need(t, "pdftoppm", "zbarimg")
	s := serving(t, map[string]string{"MASHANG_HTTP_PUBLIC_URL": "https://ma.example.cn"})
	var want []string
	for _, c := range s.cast().Codes {
		if c.Kind == "place" || c.Kind == "station" {
			want = append(want, "https://ma.example.cn/q/"+c.Key)
		}
	}
	file := filepath.Join(s.work, "codes.pdf")
	if out := s.mustRun("codes", "print", "--kind", "place", "--kind", "station", file).out; !strings.Contains(out, "张码牌") {
		t.Errorf("print: %s", out)
	}
	got := scanned(t, file)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(slices.Compact(got), want) {
		t.Errorf("the sheets hold %v, want %v", got, want)
	}
	one := filepath.Join(s.work, "one.pdf")
	member := s.cast().code(t, "member")
	s.mustRun("codes", "print", "--plain", "--key", member.Key, one)
	if got := scanned(t, one); !slices.Equal(got, []string{"https://ma.example.cn/q/" + member.Key}) {
		t.Errorf("one sheet holds %v", got)
	}
}

// TestEverySignOfTheTown: every code of the seeded town, on every template, reads
// as its own address.
func TestEverySignOfTheTown(t *testing.T) {
	t.Parallel()
	need(t, "pdftoppm", "zbarimg")
	s := serving(t, map[string]string{"MASHANG_HTTP_PUBLIC_URL": "https://ma.example.cn"})
	var all, members []string
	for _, c := range s.cast().Codes {
		all = append(all, "https://ma.example.cn/q/"+c.Key)
		if c.Kind == "member" {
			members = append(members, "https://ma.example.cn/q/"+c.Key)
		}
	}
	for template, want := range map[string][]string{"door": all, "table": all, "notice": members} {
		args := []string{"codes", "print", "--plain", "--crop", "--template", template}
		if template == "notice" {
			args = append(args, "--kind", "member")
		}
		file := filepath.Join(s.work, template+".pdf")
		s.mustRun(append(args, file)...)
		got := scanned(t, file)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(slices.Compact(got), want) {
			t.Errorf("%s: the signs hold %d codes, want %d", template, len(got), len(want))
		}
	}
}

// TestRareNamesArePrinted: names with characters outside GBK and beyond U+FFFF, in
// Uyghur and Tibetan, are printed; one that no font has stops no other, is named on
// the command line, and is not printed with a gap.
func TestRareNamesArePrinted(t *testing.T) {
	t.Parallel()
	need(t, "pdftoppm", "zbarimg")
	s := newSite(t, nil)
	r := smallRoster()
	names := []string{"𠮷野", "㛃䶮", "王𫖯", "ئابدۇرەھمان", "བཀྲ་ཤིས"}
	r["委员"] = nil
	for i, name := range names {
		r["委员"] = append(r["委员"], []string{fmt.Sprintf("m%02d", i+1), name, "教育", "北塬村", "教师", "", "", "", ""})
	}
	s.mustRun("roster", "import", r.folder(t))
	file := filepath.Join(s.work, "codes.pdf")
	all := s.mustRun("codes", "print", "--plain", file)
	n := len(scanned(t, file))
	if !strings.Contains(all.out, fmt.Sprintf("%d 张码牌", n)) {
		t.Errorf("%d codes are read: %v", n, all)
	}
	r["委员"][0][1] = "白\U00030000树"
	s.mustRun("roster", "import", r.folder(t))
	got := s.run(nil, "codes", "print", "--plain", file)
	if got.code != 1 || !strings.Contains(got.errOut, "U+30000") || !strings.Contains(got.errOut, "有 1 张没有打印") || !strings.Contains(got.out, fmt.Sprintf("%d 张码牌", n-1)) {
		t.Errorf("print: %v", got)
	}
	if left := len(scanned(t, file)); left != n-1 {
		t.Errorf("%d codes are read, want %d", left, n-1)
	}
}

// need skips where a tool of the machine is missing; make setup installs them.
func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: make setup", tool)
		}
	}
}

// scanned returns what the QR codes of a PDF say.
func scanned(t *testing.T, file string) []string {
	t.Helper()
	ctx, cancel := commandTime(t)
	defer cancel()
	dir := t.TempDir()
	if out, err := exec.CommandContext(ctx, "pdftoppm", "-r", "110", "-gray", file, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "page*"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	out, err := exec.CommandContext(ctx, "zbarimg", append([]string{"--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"}, pages...)...).Output()
	if err != nil {
		t.Fatalf("zbarimg: %v", err)
	}
	return strings.Fields(string(out))
}
