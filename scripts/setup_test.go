// Package scripts_test runs the shell scripts on machines that it makes up.
package scripts_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// brought maps each Debian package to what it brings onto the machine: commands,
// "headers" for the compiler, "font" for fc-list. Homebrew's formulas likewise.
var brought = map[string][]string{
	"redis-server": {"redis-server"}, "nodejs": {"node"}, "npm": {"npm"},
	"gcc": {"gcc"}, "libc6-dev": {"headers"}, "zbar-tools": {"zbarimg"}, "poppler-utils": {"pdftoppm"},
	"chromium": {"chromium"}, "fontconfig": {"fc-list"}, "fonts-noto-cjk": {"font"},
	"redis": {"redis-server"}, "node": {"node", "npm"}, "zbar": {"zbarimg"}, "poppler": {"pdftoppm"},
}

// debianPackages are all that setup.sh test may install.
var debianPackages = []string{
	"chromium", "fontconfig", "fonts-noto-cjk", "gcc", "libc6-dev", "nodejs", "npm", "poppler-utils", "redis-server", "zbar-tools",
}

// machine is a PATH that holds stand-ins alone, and what they keep on disk.
type machine struct {
	t   *testing.T
	bin string
}

// newMachine makes a machine on which nothing is installed but the package
// manager named; "" leaves that out as well.
func newMachine(t *testing.T, system, manager string) *machine {
	t.Helper()
	m := &machine{t: t, bin: t.TempDir()}
	for _, tool := range []string{"env", "mktemp", "rm", "touch", "chmod", "cat"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(m.bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	m.put("uname", "echo "+system)
	m.put("id", "echo 0")
	if manager != "" {
		m.manager(manager, "")
	}
	return m
}

// put writes a stand-in for a command.
func (m *machine) put(name, body string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.bin, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// manager writes a stand-in that logs how it is called and installs what it is
// asked for. before runs ahead of each installation.
func (m *machine) manager(name, before string) {
	var cases strings.Builder
	for pkg, things := range brought {
		cases.WriteString(pkg + ") ")
		for _, thing := range things {
			cases.WriteString("make_" + strings.ReplaceAll(thing, "-", "_") + "; ")
		}
		cases.WriteString(";;\n")
	}
	bin := m.bin
	m.put(name, `echo "`+name+` $*" >>'`+bin+`/calls'
for a in "$@"; do [ "$a" = update ] && { touch '`+bin+`/lists'; exit 0; }; done
`+before+`
write() { echo '#!/bin/sh' >"$1"; echo "$2" >>"$1"; chmod +x "$1"; }
plain() { write '`+bin+`'/"$1" 'exit 0'; }
make_redis_server() { plain redis-server; }
make_npm() { plain npm; }
make_zbarimg() { plain zbarimg; }
make_pdftoppm() { plain pdftoppm; }
make_chromium() { plain chromium; }
make_node() { write '`+bin+`/node' 'echo 20'; }
make_gcc() { write '`+bin+`/gcc' 'cat >/dev/null; test -e "`+bin+`/headers"'; }
make_headers() { touch '`+bin+`/headers'; }
make_fc_list() { write '`+bin+`/fc-list' 'test ! -e "`+bin+`/font" || echo Noto'; }
make_font() { touch '`+bin+`/font'; }
for a in "$@"; do case "$a" in
`+cases.String()+`esac; done`)
}

// install puts packages onto the machine without a call that counts.
func (m *machine) install(packages ...string) {
	m.t.Helper()
	m.manager("apt-get.real", "")
	cmd := exec.CommandContext(m.t.Context(), filepath.Join(m.bin, "apt-get.real"), packages...)
	cmd.Env = []string{"PATH=" + m.bin}
	if out, err := cmd.CombinedOutput(); err != nil {
		m.t.Fatalf("%v: %s", err, out)
	}
	for _, made := range []string{"calls", "apt-get.real"} {
		if err := os.Remove(filepath.Join(m.bin, made)); err != nil {
			m.t.Fatal(err)
		}
	}
}

// setup runs the script and returns its exit code with all it said.
func (m *machine) setup(args ...string) (code int, said string) {
	m.t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		m.t.Fatal(err)
	}
	script, err := filepath.Abs("setup.sh")
	if err != nil {
		m.t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(m.t.Context(), bash, append([]string{script}, args...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = []string{"PATH=" + m.bin}, &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		m.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// calls are the package manager's, in order.
func (m *machine) calls() []string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.bin, "calls"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// asked are the packages of one call, sorted.
func asked(call string) []string {
	var list []string
	for word := range strings.FieldsSeq(call) {
		if _, ok := brought[word]; ok {
			list = append(list, word)
		}
	}
	slices.Sort(list)
	return list
}

func (m *machine) want(code int, words ...string) func(int, string) {
	return func(got int, said string) {
		m.t.Helper()
		if got != code {
			m.t.Errorf("exit code %d, want %d: %s", got, code, said)
		}
		for _, w := range words {
			if !strings.Contains(said, w) {
				m.t.Errorf("does not say %q: %s", w, said)
			}
		}
	}
}

func TestBareMachineIsSetUpAtTheFirstTry(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "Linux", "apt-get")
	m.want(0, "== Installed:", "chinese-font", "c-compiler")(m.setup("test"))
	calls := m.calls()
	if len(calls) != 1 || !slices.Equal(asked(calls[0]), debianPackages) {
		t.Errorf("apt-get was called %q", calls)
	}
	m.want(0)(m.setup("test"))
	if again := m.calls(); len(again) != 1 {
		t.Errorf("a machine that has everything is installed to: %q", again[1:])
	}
}

func TestEachMissingPackageIsInstalledAlone(t *testing.T) {
	t.Parallel()
	// A compiler without headers and a font without fontconfig need both packages
	// named: the two belong to one need.
	together := map[string][]string{
		"gcc": {"gcc", "libc6-dev"}, "libc6-dev": {"gcc", "libc6-dev"},
		"fontconfig": {"fontconfig", "fonts-noto-cjk"}, "fonts-noto-cjk": {"fontconfig", "fonts-noto-cjk"},
	}
	for _, absent := range debianPackages {
		t.Run(absent, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, "Linux", "apt-get")
			m.install(slices.DeleteFunc(slices.Clone(debianPackages), func(p string) bool { return p == absent })...)
			m.want(0, "== Missing:", "== Installed:")(m.setup("test"))
			want := together[absent]
			if want == nil {
				want = []string{absent}
			}
			calls := m.calls()
			if len(calls) != 1 || !slices.Equal(asked(calls[0]), want) {
				t.Errorf("apt-get was called %q, want %q", calls, want)
			}
		})
	}
}

func TestServingNeedsNoTestTools(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "Linux", "apt-get")
	m.want(0, "== Installed: redis-server node npm")(m.setup("run"))
	if calls := m.calls(); len(calls) != 1 || !slices.Equal(asked(calls[0]), []string{"nodejs", "npm", "redis-server"}) {
		t.Errorf("apt-get was called %q", calls)
	}
}

func TestPackageListsAreFetchedWhereTheyAreAbsent(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "Linux", "")
	m.manager("apt-get", `[ -e '`+m.bin+`/lists' ] || { echo "E: Unable to locate package" >&2; exit 100; }`)
	m.want(0, "== Installed:")(m.setup("run"))
	calls := m.calls()
	if len(calls) != 3 || !strings.Contains(calls[1], "update") {
		t.Errorf("apt-get was called %q", calls)
	}
}

func TestFailuresAreSaidAndFail(t *testing.T) {
	t.Parallel()
	t.Run("the package manager fails", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, "Linux", "")
		m.manager("apt-get", "exit 100")
		m.want(1, "!! Not found:", "apt-get failed")(m.setup("run"))
	})
	t.Run("it brings nothing", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, "Linux", "apt-get")
		m.install(slices.DeleteFunc(slices.Clone(debianPackages), func(p string) bool { return p == "chromium" })...)
		m.put("apt-get", "exit 0")
		m.want(1, "chromium is still not there")(m.setup("test"))
	})
	t.Run("there is none", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, "Linux", "")
		m.want(1, "No apt-get or Homebrew", "redis-server nodejs npm")(m.setup("run"))
	})
	t.Run("a word it does not know", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, "Linux", "apt-get")
		m.want(2, "usage:")(m.setup("everything"))
		if calls := m.calls(); calls != nil {
			t.Errorf("apt-get was called %q", calls)
		}
	})
}

func TestWithoutRootItAsksSudo(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "Linux", "apt-get")
	m.put("id", "echo 1000")
	m.want(1, "Install as root: apt-get install redis-server nodejs npm")(m.setup("run"))
	if calls := m.calls(); calls != nil {
		t.Errorf("apt-get was called %q", calls)
	}
	m.put("sudo", `touch '`+m.bin+`/asked'; "$@"`)
	m.want(0, "== Installed:")(m.setup("run"))
	if _, err := os.Stat(filepath.Join(m.bin, "asked")); err != nil {
		t.Error("sudo was not asked: ", err)
	}
}

func TestMacIsSetUpByHomebrew(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "Darwin", "brew")
	m.want(1, "xcode-select --install")(m.setup("test"))
	m = newMachine(t, "Darwin", "brew")
	m.install("gcc", "libc6-dev")
	m.want(0, "== Installed:")(m.setup("test"))
	calls := m.calls()
	if len(calls) != 1 || !strings.Contains(calls[0], "brew install redis node node zbar poppler chromium") {
		t.Errorf("brew was called %q", calls)
	}
}

func TestOldNodeIsSaid(t *testing.T) {
	t.Parallel()
	m := newMachine(t, "Linux", "apt-get")
	m.install("redis-server", "npm")
	m.put("node", "echo 18")
	m.want(0, "Node 18 is older than 20")(m.setup("run"))
}

// TestTheTestsStandApartFromTheLinter: make test builds no linter and looks for no
// flaws, which take minutes of their own and have their own targets.
func TestTheTestsStandApartFromTheLinter(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("make")
	if err != nil {
		t.Skip("no make: the targets cannot be listed")
	}
	steps := func(target string) string {
		cmd := exec.CommandContext(t.Context(), tool, "--dry-run", "--always-make", target)
		cmd.Dir = ".."
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	others := regexp.MustCompile(`golangci-lint|govulncheck`)
	if found := others.FindString(steps("test")); found != "" {
		t.Errorf("make test runs %s", found)
	}
	if !others.MatchString(steps("lint")) || !others.MatchString(steps("vuln")) {
		t.Error("make lint and make vuln run neither")
	}
}
