package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// AuditCheck checks the audit.
type AuditCheck struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// Heads is a file that Print wrote earlier, "" for none.
	Heads string
}

const (
	auditPage    = 1000
	maxHeads     = 1 << 20
	maxAuditFind = 20
)

// Verify checks every station's audit from its beginning. It fails if a line was changed, removed, moved or
// inserted.
func (a AuditCheck) Verify(ctx context.Context) error {
	if err := holdsData(a.Config, "核对"); err != nil {
		return err
	}
	known, err := a.known()
	if err != nil {
		return err
	}
	return withDesk(ctx, a.Config, a.Log, func(back *managedStore, _ *seal.Keyring, d *desk.Desk) error {
		ids, err := back.StationIDs(ctx)
		if err != nil {
			return err
		}
		wrong := 0
		for _, st := range ids {
			chain := d.Audit.AuditChain(st, known[st])
			delete(known, st)
			found := 0
			tell := func(n int64, what string) {
				if found++; found <= maxAuditFind {
					say(a.Out, "✗ %s 第 %d 条：%s\n", st, n, record.DescribeChainFault(what))
				}
			}
			if err := eachLink(ctx, back, st, func(l record.Link) {
				if what := chain.Next(l); what != "" {
					tell(chain.Head.N, what)
				}
			}); err != nil {
				return err
			}
			if what := chain.End(); what != "" {
				tell(chain.Head.N, what)
			}
			if wrong += found; found == 0 {
				say(a.Out, "✓ %s：%d 条，%d 条早于封记\n", st, chain.Head.N, chain.Unsealed)
			}
		}
		for st := range known {
			wrong++
			say(a.Out, "✗ %s：另存的末端里有这个站点，数据里没有\n", st)
		}
		if wrong > 0 {
			return fault.New(fault.Internal, "操作记录有 %d 处不对：请保留现场，与最近的备份比对", wrong)
		}
		return nil
	})
}

// Print writes the end of each station's audit, as JSON.
func (a AuditCheck) Print(ctx context.Context) error {
	return withDesk(ctx, a.Config, a.Log, func(back *managedStore, _ *seal.Keyring, d *desk.Desk) error {
		ids, err := back.StationIDs(ctx)
		if err != nil {
			return err
		}
		heads := map[string]record.Head{}
		for _, st := range ids {
			chain := d.Audit.AuditChain(st, nil)
			faulty := false
			if err := eachLink(ctx, back, st, func(l record.Link) { faulty = chain.Next(l) != "" || faulty }); err != nil {
				return err
			}
			if faulty {
				return fault.New(fault.Internal, "%s 的操作记录不对，先运行 mashang audit verify", st)
			}
			if chain.Head.MAC != "" {
				heads[st] = chain.Head
			}
		}
		out := json.NewEncoder(a.Out)
		out.SetIndent("", "  ")
		return out.Encode(heads)
	})
}

// eachLink calls visit for each line of a station's audit, from the beginning.
func eachLink(ctx context.Context, back *managedStore, st string, visit func(record.Link)) error {
	for after := ""; ; {
		list, err := back.AuditsFrom(ctx, st, after, auditPage)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, l := range list {
			visit(l)
			after = l.Entry
		}
	}
}

// known reads the heads that were stored elsewhere.
func (a AuditCheck) known() (heads map[string]*record.Head, err error) {
	if a.Heads == "" {
		return nil, nil //nolint:nilnil // having none is valid
	}
	file, err := os.Open(a.Heads)
	if err != nil {
		return nil, fmt.Errorf("open the heads: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := json.NewDecoder(io.LimitReader(file, maxHeads)).Decode(&heads); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "%s 不是 mashang audit heads 写出的文件", a.Heads)
	}
	return heads, nil
}
