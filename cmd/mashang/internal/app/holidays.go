package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"mashang/adapters/holidays"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/calendar"
	"mashang/domain/station"
)

// holidayDir is the folder of an office's own years.
func holidayDir(data string) string { return filepath.Join(data, "holidays") }

// Holidays lists the known years and adds new ones.
type Holidays struct {
	Config config.Config
	Out    io.Writer
	Now    time.Time
	// Get fetches an address; http.DefaultClient's Do by default.
	Get func(*http.Request) (*http.Response, error)
}

// List prints a line for each year, and the missing years.
func (h Holidays) List() error {
	list, err := holidays.Load(holidayDir(h.Config.Data.Dir))
	if err != nil {
		return err
	}
	last := map[int]calendar.Year{}
	for _, y := range list {
		last[y.Year] = y
	}
	for _, y := range list {
		if kept := last[y.Year]; kept.Year != 0 {
			say(h.Out, "%d 年：放假 %d 天，调休上班 %d 天。出处：%s\n", kept.Year, len(kept.Off), len(kept.Work), kept.Source)
			delete(last, y.Year)
		}
	}
	for _, y := range calendar.New(station.Zone, list...).Missing(h.Now) {
		say(h.Out, "缺 %d 年：跨入该年的期限只能暂定，请在通知公布后运行 mashang holidays renew\n", y)
	}
	return nil
}

// Renew adds years from files or https addresses. All are read and checked before the first is stored.
func (h Holidays) Renew(ctx context.Context, sources []string) error {
	list := make([]calendar.Year, len(sources))
	for i, src := range sources {
		data, err := h.read(ctx, src)
		if err != nil {
			return err
		}
		if list[i], err = holidays.Parse(data); err != nil {
			return fmt.Errorf("%s：%w", src, err)
		}
	}
	for _, y := range list {
		path, err := holidays.Save(holidayDir(h.Config.Data.Dir), y)
		if err != nil {
			return err
		}
		say(h.Out, "%d 年：放假 %d 天，调休上班 %d 天，已存入 %s\n", y.Year, len(y.Off), len(y.Work), path)
	}
	say(h.Out, "重启服务后生效；此前暂定的期限会自动重算。\n")
	return nil
}

func (h Holidays) read(ctx context.Context, src string) ([]byte, error) {
	u, err := url.Parse(src)
	if err != nil || u.Scheme != "https" {
		f, err := os.Open(src) //nolint:gosec // the operator names their own file
		if err != nil {
			return nil, fmt.Errorf("打不开文件：%w", err)
		}
		defer func() { _ = f.Close() }() // opened only for reading
		return io.ReadAll(io.LimitReader(f, holidays.MaxBytes+1))
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, src, nil)
	if err != nil {
		return nil, err
	}
	get := h.Get
	if get == nil {
		get = http.DefaultClient.Do
	}
	resp, err := get(req)
	if err != nil {
		return nil, fmt.Errorf("取不到 %s：%w。可先用浏览器下载，再给出文件", src, err)
	}
	defer func() { _ = resp.Body.Close() }() // opened only for reading
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("取不到 %s：%s。可先用浏览器下载，再给出文件", src, resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, holidays.MaxBytes+1))
}
