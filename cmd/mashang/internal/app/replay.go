package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/desk/overview"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Replay makes stored decisions again, optionally with other rules, and prints what would change. It changes
// nothing.
type Replay struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// Station may be empty when there is only one.
	Station string
	// Since is a local date; empty for the last seven days.
	Since string
	// Rules is a file with rules in the JSON of PUT /station/rules; empty means the station's own.
	Rules string
	JSON  bool
	Now   func() time.Time
}

// replayed is the output.
type replayed struct {
	Station      string         `json:"station"`
	Since        string         `json:"since"`
	Rules        string         `json:"rules"`
	RosterAt     int            `json:"roster_version"`
	InputsThen   []string       `json:"inputs_then"`
	InputsToday  []string       `json:"inputs_today"`
	Total        int            `json:"total"`
	OtherRosters int            `json:"decided_by_other_rosters"`
	Changed      []replayedItem `json:"changed"`
}

type replayedItem struct {
	ID      string    `json:"id"`
	Number  string    `json:"number"`
	FiledAt time.Time `json:"filed_at"`
	Was     string    `json:"was"`
	Would   string    `json:"would"`
	Why     string    `json:"why"`
}

// Which inputs of a replay are from which time.
var (
	inputsThen  = []string{"诉求内容、类别、扫的码、提交时间", "候选委员当时的在办数、最近接件时间和是否已满"}
	inputsToday = []string{"名册（界别、值班、外出、专班）", "其他委员的在办数", "提交人的联系委员和是否本站委员"}
)

// Run replays.
func (r Replay) Run(ctx context.Context) error {
	since := r.Now().In(station.Zone).AddDate(0, 0, -7)
	if r.Since != "" {
		var err error
		if since, err = time.ParseInLocation(time.DateOnly, r.Since, station.Zone); err != nil {
			return fault.New(fault.Invalid, "--since 须为 2026-11-24 的形式")
		}
	}
	return withDesk(ctx, r.Config, r.Log, func(back *managedStore, _ *seal.Keyring, d *desk.Desk) error {
		st, err := onlyStation(ctx, back, r.Station)
		if err != nil {
			return err
		}
		out := replayed{
			Station: st.ID, Since: since.Format(time.DateOnly), Rules: fmt.Sprintf("本站第 %d 版", st.RulesVersion()),
			RosterAt: st.Version, InputsThen: inputsThen, InputsToday: inputsToday, Changed: []replayedItem{},
		}
		if r.Rules != "" {
			if st, err = r.withRules(*st); err != nil {
				return err
			}
			out.Rules = r.Rules
		}
		if err := r.again(ctx, d, st, since, &out); err != nil {
			return err
		}
		return r.print(out)
	})
}

// withRules returns the station with the rules of the file.
func (r Replay) withRules(st station.Station) (*station.Station, error) {
	data, err := readBounded(r.Rules)
	if err != nil {
		return nil, err
	}
	var rules station.Rules
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rules); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "规则文件 %s 读不懂", r.Rules)
	}
	if err := st.CheckRules(rules); err != nil {
		return nil, err
	}
	st.Rules = &rules
	return &st, nil
}

// again replays the decisions since a time.
func (r Replay) again(ctx context.Context, d *desk.Desk, st *station.Station, since time.Time, out *replayed) error {
	return d.Overview.Redecide(ctx, st, since, r.Now(), func(x overview.Redecided) bool {
		out.Total++
		if x.OtherRoster {
			out.OtherRosters++
		}
		if !x.Same {
			out.Changed = append(out.Changed, replayedItem{x.ID, x.Number, x.FiledAt, x.Was.Name, x.Would.Name, x.Why})
		}
		return true
	})
}

func (r Replay) print(out replayed) error {
	if r.JSON {
		enc := json.NewEncoder(r.Out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(out)
	}
	say(r.Out, "%s：%s 以来 %d 件，按规则“%s”重算，%d 件会有不同\n", out.Station, out.Since, out.Total, out.Rules, len(out.Changed))
	say(r.Out, "用当时的：%s\n用今天的：%s\n", strings.Join(out.InputsThen, "；"), strings.Join(out.InputsToday, "；"))
	if out.OtherRosters > 0 {
		say(r.Out, "其中 %d 件当时的名册与今天的不同，结果仅供参考\n", out.OtherRosters)
	}
	if len(out.Changed) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(r.Out, 0, 0, 2, ' ', 0)
	say(w, "编号\t提交\t当时\t重算\t依据\n")
	for _, x := range out.Changed {
		say(w, "%s\t%s\t%s\t%s\t%s\n", x.Number, x.FiledAt.Format("01-02 15:04"), x.Was, x.Would, x.Why)
	}
	return w.Flush()
}
