package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"mashang/casework"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/fault"
	"mashang/qrcodes"
	"mashang/seal"
	"mashang/station"
	"mashang/wechat"
)

// Print writes the print sheets of a station's codes.
type Print struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// File is the PDF to write.
	File string
	// Station may be empty when there is only one.
	Station string
	// Kinds and Keys narrow what is printed; empty prints all.
	Kinds []string
	Keys  []string
	// Plain leaves out the round code of the platform, which needs a network.
	Plain bool
	// Progress is a terminal to count on while images are fetched; nil for none.
	Progress io.Writer
}

// Run prints. Nothing is written if a single sheet cannot be drawn in full.
func (p Print) Run(ctx context.Context) error {
	return withDesk(ctx, p.Config, p.Log, func(back *backing, _ *seal.Keyring, d *desk.Desk) error {
		st, err := onlyStation(ctx, back, p.Station)
		if err != nil {
			return err
		}
		codes, err := p.chosen(ctx, back, st)
		if err != nil {
			return err
		}
		var client *wechat.Client
		if !p.Plain {
			stage, err := newStage(ctx, p.Config, back.Tokens(), nil, nil, p.Log, budgeted(back, nil))
			if err != nil {
				return err
			}
			defer func() { _ = stage.Close(context.WithoutCancel(ctx)) }() // nothing of it is kept
			client = stage.Client
		}
		signs := make([]qrcodes.Sign, 0, len(codes))
		for i, c := range codes {
			if p.Progress != nil {
				say(p.Progress, "\r正在准备 %d/%d ", i+1, len(codes))
			}
			s := signOf(st, c, d.URL(c.Key))
			s.Demo = p.Config.WeChat.Emulated()
			if client != nil {
				if s.CodeImage, err = client.CodeImage(ctx, c.Key, codeWidth); err != nil {
					return fmt.Errorf("取小程序码失败（离线打印请加 --plain）：%w", err)
				}
			}
			signs = append(signs, s)
		}
		data, err := qrcodes.Sheets(signs, qrcodes.SheetOptions{Made: time.Now()})
		if err != nil {
			return err
		}
		if err := os.WriteFile(p.File, data, 0o600); err != nil {
			return err
		}
		if p.Progress != nil {
			say(p.Progress, "\n")
		}
		say(p.Out, "已写入 %s：%d 张码牌\n", p.File, len(signs))
		return nil
	})
}

func (p Print) chosen(ctx context.Context, back *backing, st *station.Station) ([]station.Code, error) {
	codes, err := back.Codes(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	codes = slices.DeleteFunc(codes, func(c station.Code) bool {
		_, ok := st.Resolve(c.Target)
		return !ok || c.Revoked || len(p.Kinds) > 0 && !slices.Contains(p.Kinds, string(c.Target.Kind)) ||
			len(p.Keys) > 0 && !slices.Contains(p.Keys, c.Key)
	})
	if len(codes) == 0 {
		return nil, fault.New(fault.NotFound, "没有要打印的码：先用 mashang roster import 导入名册，或检查 --kind、--key")
	}
	slices.SortFunc(codes, func(a, b station.Code) int {
		return cmp.Or(cmp.Compare(a.Target.Kind, b.Target.Kind), cmp.Compare(a.Target.ID, b.Target.ID), cmp.Compare(a.Key, b.Key))
	})
	return codes, nil
}

// onlyStation returns the named station, or the only one.
func onlyStation(ctx context.Context, back *backing, id string) (*station.Station, error) {
	if id == "" {
		ids, err := back.StationIDs(ctx)
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			return nil, fault.New(fault.Invalid, "还没有站点：请先用 mashang roster import 导入名册，并核对数据目录（MASHANG_DATA_DIR）")
		}
		if len(ids) > 1 {
			return nil, fault.New(fault.Invalid, "有 %d 个站点，请用 --station 指明一个：%s", len(ids), strings.Join(ids, "、"))
		}
		id = ids[0]
	}
	return back.Station(ctx, id)
}

// purposes is what a sign says people can use it for.
func purposes() []string {
	list := make([]string, len(casework.Kinds))
	for i, k := range casework.Kinds {
		list[i] = k.Chinese()
	}
	return list
}

func signOf(st *station.Station, c station.Code, url string) qrcodes.Sign {
	name, _ := st.Resolve(c.Target)
	s := qrcodes.Sign{
		Kind: string(c.Target.Kind), Title: name, Station: st.Name, Phone: st.Phone,
		Purposes: purposes(), URL: url, Key: c.Key,
	}
	if m, ok := st.Member(c.Target.ID); ok && c.Target.Kind == station.ForMember {
		line := m.Sector + "界别"
		if m.Village != "" {
			line += " · " + m.Village
		}
		s.Subtitle = append(s.Subtitle, line)
		if m.Title != "" {
			s.Subtitle = append(s.Subtitle, m.Title)
		}
		if len(m.Expertise) > 0 {
			s.Subtitle = append(s.Subtitle, "熟悉："+strings.Join(m.Expertise, "、"))
		}
	} else if v := st.Village(c.Target); v != "" {
		s.Subtitle = append(s.Subtitle, v)
	}
	return s
}
