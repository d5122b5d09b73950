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

	"mashang/adapters/seal"
	"mashang/cmd/mashang/adapt"
	"mashang/cmd/mashang/internal/config"
	"mashang/desk"
	"mashang/desk/codes"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/qrcodes"
	"mashang/wechat"
)

// Print writes the print sheets of a station's codes.
type Print struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// File is the file to write.
	File string
	// Station may be empty when there is only one.
	Station string
	// Kinds and Keys filter what is printed; empty means all.
	Kinds []string
	Keys  []string
	// Plain omits the platform's round code, which needs a network.
	Plain bool
	// Template is one of record.SignTemplates; empty is the whole A4 sheet. Headline is the station's own, "" for none.
	Template, Headline string
	// Crop prints templates smaller than A4 on A4 with crop marks.
	Crop bool
	// PNG writes an image, or an archive of several, instead of a PDF.
	PNG bool
	// Progress is a terminal for the progress of fetching images; nil for none.
	Progress io.Writer
}

// Run prints. What cannot be drawn in full is left out and named in the error after the rest is written. If
// nothing can be drawn, nothing is written.
func (p Print) Run(ctx context.Context) error {
	return withDesk(ctx, p.Config, p.Log, func(back *managedStore, _ *seal.Keyring, d *desk.Desk) error {
		st, err := onlyStation(ctx, back, p.Station)
		if err != nil {
			return err
		}
		list, err := p.chosen(ctx, back, st)
		if err != nil {
			return err
		}
		var client *wechat.Client
		if !p.Plain {
			stage, err := newPlatformHost(ctx, p.Config, back.Tokens(), nil, nil, p.Log, withBudget(back, nil))
			if err != nil {
				return err
			}
			defer func() { _ = stage.Close(context.WithoutCancel(ctx)) }() // nothing of it is stored
			client = stage.Client
		}
		signs := make([]record.Sign, 0, len(list))
		for i, c := range list {
			if p.Progress != nil {
				say(p.Progress, "\r正在准备 %d/%d ", i+1, len(list))
			}
			s := codes.SignOf(st, c, d.Codes.URL(c.Key))
			s.Demo = p.Config.WeChat.Emulated()
			if client != nil {
				if s.CodeImage, err = client.CodeImage(ctx, c.Key, adapt.CodeWidth); err != nil {
					return fmt.Errorf("取小程序码失败（离线打印请加 --plain）：%w", err)
				}
			}
			signs = append(signs, s)
		}
		job := record.SignJob{Template: cmp.Or(p.Template, record.SignSheet), Crop: p.Crop, Headline: p.Headline, PNG: p.PNG, Made: time.Now()}
		file, err := qrcodes.Draw(ctx, signs, job, func(done, total int) {
			if p.Progress != nil {
				say(p.Progress, "\r正在画 %d/%d ", done, total)
			}
		})
		if err != nil {
			return err
		}
		if err := os.WriteFile(p.File, file.Data, 0o600); err != nil {
			return err
		}
		if p.Progress != nil {
			say(p.Progress, "\n")
		}
		say(p.Out, "已写入 %s：%d 张码牌\n", p.File, len(signs)-len(file.Failed))
		return leftOut(file.Failed)
	})
}

// leftOut returns the error that names the signs that could not be printed.
func leftOut(failed []record.SignFailure) error {
	if len(failed) == 0 {
		return nil
	}
	words := make([]string, len(failed))
	for i, f := range failed {
		words[i] = fmt.Sprintf("\n  %s  %s", f.Key, f.Message)
	}
	return fault.New(fault.Invalid, "%s", fmt.Sprintf("有 %d 张没有打印，其余已写入。改好后用 --key 补印这几张：%s", len(failed), strings.Join(words, "")))
}

func (p Print) chosen(ctx context.Context, back *managedStore, st *station.Station) ([]station.Code, error) {
	list, err := back.Codes(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c station.Code) bool {
		_, ok := st.Resolve(c.Target)
		return !ok || c.Revoked || len(p.Kinds) > 0 && !slices.Contains(p.Kinds, string(c.Target.Kind)) ||
			len(p.Keys) > 0 && !slices.Contains(p.Keys, c.Key)
	})
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "没有要打印的码：先用 mashang roster import 导入名册，或检查 --kind、--key")
	}
	slices.SortFunc(list, func(a, b station.Code) int {
		return cmp.Or(cmp.Compare(a.Target.Kind, b.Target.Kind), cmp.Compare(a.Target.ID, b.Target.ID), cmp.Compare(a.Key, b.Key))
	})
	return list, nil
}

// onlyStation returns the named station, or the only one.
func onlyStation(ctx context.Context, back *managedStore, id string) (*station.Station, error) {
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
