// Package holidays has the public holidays and make-up working days of China, year by year as the State Council
// announced them: those that the product ships with, and those that an office has added beside its data.
package holidays

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unicode/utf8"

	"mashang/domain/calendar"
)

//go:embed years/*.json
var shipped embed.FS

// MaxBytes is the maximum size of a year's file.
const MaxBytes = 64 << 10

// maxName is the maximum length of a day's name, in characters.
const maxName = 20

// Shipped returns the years the product ships with.
func Shipped() ([]calendar.Year, error) {
	dir, err := fs.Sub(shipped, "years")
	if err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	return read(dir)
}

// Load returns the shipped years, followed by those of a directory, which replace them. A missing directory is
// empty.
func Load(dir string) ([]calendar.Year, error) {
	list, err := Shipped()
	if err != nil {
		return nil, err
	}
	more, err := read(os.DirFS(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return list, nil
	}
	return append(list, more...), err
}

func read(dir fs.FS) ([]calendar.Year, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	var list []calendar.Year
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != ".json" {
			continue
		}
		data, err := fs.ReadFile(dir, e.Name())
		if err != nil {
			return nil, fmt.Errorf("holidays: %w", err)
		}
		y, err := Parse(data)
		if err != nil {
			return nil, fmt.Errorf("holidays: %s: %w", e.Name(), err)
		}
		list = append(list, y)
	}
	return list, nil
}

// file is a year in one of two forms: ours, or that of the public collection holiday-cn (papers, and days with
// isOffDay).
type file struct {
	calendar.Year

	Papers []string `json:"papers"`
	Days   []struct {
		Name string `json:"name"`
		Date string `json:"date"`
		Off  *bool  `json:"isOffDay"`
	} `json:"days"`
}

// Parse reads a year in our form or in holiday-cn's and checks it. It refuses what cannot be a whole year's
// notice.
func Parse(data []byte) (calendar.Year, error) {
	if len(data) > MaxBytes {
		return calendar.Year{}, fmt.Errorf("文件超过 %d KB，不像是一年的节假日安排", MaxBytes>>10)
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return calendar.Year{}, fmt.Errorf("不是 JSON 文件：%w", err)
	}
	y := f.Year
	if y.Source == "" && len(f.Papers) > 0 {
		y.Source = f.Papers[0]
	}
	for _, d := range f.Days {
		switch {
		case d.Off == nil:
			return calendar.Year{}, fmt.Errorf("%q 没有写明放假还是上班", d.Date)
		case *d.Off:
			y.Off = append(y.Off, d.Date)
		default:
			y.Work = append(y.Work, d.Date)
		}
		if d.Name != "" {
			if y.Names == nil {
				y.Names = map[string]string{}
			}
			y.Names[d.Date] = d.Name
		}
	}
	slices.Sort(y.Off)
	slices.Sort(y.Work)
	return y, check(y)
}

// minDaysOff returns the number of days off that the law gives a year: 13 since 2025 (全国年节及纪念日放假办法 §2), before it
// 11.
func minDaysOff(year int) int {
	if year >= 2025 {
		return 13
	}
	return 11
}

func check(y calendar.Year) error {
	if y.Year < 2008 || y.Year > 2100 {
		return fmt.Errorf("%d 不是能办理的年份", y.Year)
	}
	if y.Source == "" {
		return errors.New("没有写明出处（source 或 papers）")
	}
	if n := len(y.Off); n < minDaysOff(y.Year) || n > 60 {
		return fmt.Errorf("放假共 %d 天，不像是一整年的安排", n)
	}
	if n := len(y.Work); n > 20 {
		return fmt.Errorf("调休上班共 %d 天，不像是一整年的安排", n)
	}
	seen := map[string]bool{}
	for i, date := range slices.Concat(y.Off, y.Work) {
		d, err := time.Parse(time.DateOnly, date)
		// A year's notice may reach into the December before it.
		if err != nil || d.Year() != y.Year && (d.Year() != y.Year-1 || d.Month() != time.December) {
			return fmt.Errorf("%q 不是 %d 年的日期", date, y.Year)
		}
		if seen[date] {
			return fmt.Errorf("%s 写了两次", date)
		}
		seen[date] = true
		if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; i >= len(y.Off) && !weekend {
			return fmt.Errorf("%s 本来就上班，不是调休", date)
		}
	}
	for _, date := range slices.Sorted(maps.Keys(y.Names)) {
		if name := y.Names[date]; !seen[date] || utf8.RuneCountInString(name) > maxName {
			return fmt.Errorf("%q 的名称不是放假或调休日的名称，或超过 %d 字", date, maxName)
		}
	}
	if !seen[fmt.Sprintf("%d-01-01", y.Year)] || !seen[fmt.Sprintf("%d-10-01", y.Year)] {
		return errors.New("元旦或国庆节不在放假之列，不像是一整年的安排")
	}
	return nil
}

// Save writes a year into the directory, which is created if needed. The file appears whole or not at all.
func Save(dir string, y calendar.Year) (path string, err error) {
	if err := check(y); err != nil {
		return "", err
	}
	data, err := json.MarshalIndent(y, "", "  ")
	if err != nil {
		return "", fmt.Errorf("holidays: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("holidays: %w", err)
	}
	path = filepath.Join(dir, fmt.Sprintf("%d.json", y.Year))
	tmp := path + ".new"
	if err := os.WriteFile(tmp, append(data, '\n'), 0o600); err != nil {
		return "", fmt.Errorf("holidays: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return "", fmt.Errorf("holidays: %w", err)
	}
	return path, nil
}
