package app

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mashang/adapters/seal"
	"mashang/adapters/sheets"
	"mashang/cmd/mashang/adapt"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Import imports a roster from a spreadsheet.
type Import struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// Paths is one xlsx file, or csv files, or one folder of csv files.
	Paths []string
	// DryRun prints what would change and changes nothing.
	DryRun bool
	// Retire is how many members the operator expects to retire, if that is a large share of the station.
	Retire int
	// Invitations, if set, is a csv file to write with a one-time invitation code for everyone without a bound
	// WeChat user.
	Invitations string
}

// errProblems is returned after the problems have been printed.
var errProblems = errors.New("表格有误，未导入任何内容")

// Run imports all or nothing.
func (i Import) Run(ctx context.Context) error {
	if _, err := os.Lstat(i.Invitations); i.Invitations != "" && err == nil {
		return fault.New(fault.Conflict, "邀请码文件 %s 已经存在，不会覆盖：请换一个文件名。名册未导入", i.Invitations)
	}
	listed, err := i.read()
	if err != nil {
		return err
	}
	return withDesk(ctx, i.Config, i.Log, func(_ *managedStore, _ *seal.Keyring, d *desk.Desk) error {
		would, stored, err := d.Roster.Preview(ctx, listed)
		if err != nil {
			return err
		}
		if i.DryRun {
			i.report(would, "试运行，没有改动数据")
		}
		if err := i.mayRetire(would, stored); err != nil || i.DryRun {
			return err
		}
		t, err := d.Roster.ImportListed(ctx, listed)
		if err != nil {
			return err
		}
		i.report(t, "已导入")
		if i.Invitations == "" {
			return nil
		}
		return i.invite(ctx, d, t.Station)
	})
}

// A roster that lacks many members is more often incomplete than true.
const (
	retireUnconfirmed = 2 // this many need no confirmation, however small the station
	retireShare       = 5 // nor does one of this many
)

// mayRetire refuses an import that would retire a large share of the members, unless the operator named their
// number.
func (i Import) mayRetire(t roster.ImportResult, stored *station.Station) error {
	if stored == nil {
		return nil
	}
	gone, serving := 0, 0
	for _, c := range t.Changes {
		if c.Table == station.TableMember && c.Kind == station.Removed {
			gone++
		}
	}
	for _, m := range stored.Members {
		if !m.Left {
			serving++
		}
	}
	if gone <= retireUnconfirmed || gone*retireShare <= serving || gone == i.Retire {
		return nil
	}
	return fault.New(fault.Conflict, "表格里少了现有 %d 名委员中的 %d 名，导入后他们停止派件。"+
		"若只想改几个人，请先用 mashang roster export 写出全部名册，在上面改；"+
		"确实要停用这 %d 名，请加上 --retire=%d 再运行。名册未导入", serving, gone, gone, gone)
}

// read reads the spreadsheet and prints all its problems.
func (i Import) read() (*station.Station, error) {
	st, problems, err := readRoster(i.Paths)
	if err != nil {
		return nil, err
	}
	for _, p := range problems {
		say(i.Out, "%s\n", p)
	}
	if record.Blocking(problems) {
		return nil, errProblems
	}
	return st, nil
}

func (i Import) report(t roster.ImportResult, lead string) {
	say(i.Out, "%s：%s（%s），%d 处变化\n", lead, t.Station.Name, t.Station.ID, len(t.Changes))
	for _, c := range t.Changes {
		say(i.Out, "  %s\n", sheets.Describe(c))
	}
	if len(t.Codes) > 0 {
		say(i.Out, "新增 %d 个码；用 mashang codes print 打印\n", len(t.Codes))
	}
}

// invite writes invitation codes to a file that only the operator can read.
func (i Import) invite(ctx context.Context, d *desk.Desk, st *station.Station) (err error) {
	list, err := d.Identity.Unbound(ctx, st)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(i.Invitations, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("邀请码文件写不了（已存在的文件不会覆盖）：%w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString("\uFEFF"); err != nil { // Excel recognizes UTF-8 by its mark
		return err
	}
	w := csv.NewWriter(f)
	if err := w.Write([]string{"身份", "编号", "姓名", "邀请码", "有效期至"}); err != nil {
		return err
	}
	for _, in := range list {
		inv, err := d.Identity.IssueInvite(ctx, in)
		if err != nil {
			return err
		}
		name, role := nameOf(st, in)
		if err := w.Write([]string{role, in.Ref, name, inv.Code, inv.ExpiresAt.In(station.Zone).Format("2006-01-02 15:04")}); err != nil {
			return err
		}
	}
	w.Flush()
	say(i.Out, "已写入 %d 个邀请码：%s（每个只能用一次，请分别交给本人）\n", len(list), i.Invitations)
	return w.Error()
}

func nameOf(st *station.Station, in record.Invite) (name, role string) {
	h, _ := st.Holder(access.Role(in.Role), in.Ref)
	if h.Admin {
		return h.Name, kit.RoleNames[access.Admin]
	}
	return h.Name, kit.RoleNames[access.Role(in.Role)]
}

// Template writes the empty spreadsheet to a new file.
func Template(path string, out io.Writer) error {
	data, err := sheets.Template()
	if err != nil {
		return err
	}
	if err := writeNew(path, data); err != nil {
		return err
	}
	say(out, "已写出空白表格 %s：填好后用 mashang roster import %s --dry-run 检查\n", path, path)
	return nil
}

// Export writes a station's roster as a spreadsheet for editing and importing again.
type Export struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	File   string
	// Station may be empty when there is only one.
	Station string
}

// Run exports. Phones are in clear in the file, as importing it again would otherwise erase them. The export is
// audited first.
func (e Export) Run(ctx context.Context) error {
	return withDesk(ctx, e.Config, e.Log, func(back *managedStore, ring *seal.Keyring, d *desk.Desk) error {
		st, err := onlyStation(ctx, back, e.Station)
		if err != nil {
			return err
		}
		operator := access.Caller{Role: access.System}
		export := audit.Act{By: operator, What: audit.ExportRosterPhones, Object: st.ID, Why: "mashang roster export"}
		if err := audit.Run(ctx, d.Audit, st.ID, export, func(w audit.Written) error { return e.write(w, ring, st) }); err != nil {
			return err
		}
		say(e.Out, "已写出 %s 的名册：%s（含委员、部门和联络员的电话，请妥善保管）\n", st.Name, e.File)
		return nil
	})
}

// write writes the roster with its numbers in clear.
func (e Export) write(w audit.Written, ring *seal.Keyring, st *station.Station) error {
	if err := w.Of(audit.ExportRosterPhones); err != nil {
		return err
	}
	open, err := roster.OpenPhones(w, ring, *st)
	if err != nil {
		return err
	}
	data, err := sheets.Write(&open)
	if err != nil {
		return err
	}
	return writeNew(e.File, data)
}

// writeNew writes a file that only the operator can read. It never overwrites one.
func writeNew(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrExist) {
		return fault.New(fault.Conflict, "%s 已经存在，不会覆盖：请换一个文件名", path)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(data)
	return err
}

// readRoster reads one xlsx, or csv files named or in a folder.
func readRoster(paths []string) (*station.Station, []sheets.Problem, error) {
	if len(paths) == 1 {
		if info, err := os.Stat(paths[0]); err == nil && info.IsDir() {
			found, err := filepath.Glob(filepath.Join(paths[0], "*.csv"))
			if err != nil {
				return nil, nil, err
			}
			paths = found
		}
	}
	if len(paths) == 0 {
		return nil, nil, fault.New(fault.Invalid, "没有找到表格文件")
	}
	parts := map[string][]byte{}
	for _, p := range paths {
		data, err := readBounded(p)
		if err != nil {
			return nil, nil, err
		}
		if !strings.EqualFold(filepath.Ext(p), ".csv") {
			if len(paths) > 1 {
				return nil, nil, fault.New(fault.Invalid, "一次导入一个 xlsx 文件，或一组 csv 文件")
			}
			return sheets.Read(filepath.Base(p), data)
		}
		parts[filepath.Base(p)] = data
	}
	return sheets.ReadCSV(parts)
}

// maxSheet is the maximum size of a spreadsheet file in bytes.
const maxSheet = 20 << 20

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file to import
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened only for reading
	data, err := io.ReadAll(io.LimitReader(f, maxSheet+1))
	if err == nil && len(data) > maxSheet {
		err = fault.New(fault.Invalid, "文件 %s 太大", filepath.Base(path))
	}
	return data, err
}

// withDesk opens the store, shared with a running server, and a desk without platform and media for a command.
func withDesk(ctx context.Context, cfg config.Config, log *slog.Logger, do func(*managedStore, *seal.Keyring, *desk.Desk) error) (err error) {
	back, err := connect(ctx, cfg, true, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back.Close(context.WithoutCancel(ctx))) }()
	ring, err := openKeys(ctx, cfg, back, refuseOlder, log)
	if err != nil {
		return err
	}
	d := desk.New(kit.Config{PublicURL: cfg.HTTP.PublicURL}, desk.Parts{
		Store: back.Store, Documents: back.Store, Sealer: ring, Painter: adapt.Painter{}, Sheets: adapt.Spreadsheets{}, Now: time.Now, Rand: rand.Reader, Log: log,
	})
	return do(back, ring, d)
}

// say writes to the operator; errors of a closed pipe are ignored.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
