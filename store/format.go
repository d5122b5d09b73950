package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"mashang/domain/fault"
)

// Format is the number of the form in which this version stores data. It is
// raised with every change of a stored form that an older version would read
// wrongly, and each raise brings its step (migrate.go) and its golden folder.
// Data without a number have format 1.
const Format = 3

// Mark identifies a store and the format of its data. It is one value, so that the two cannot differ; a version
// without formats takes a marked store for another one and refuses it.
type Mark struct {
	// ID is the store's id, "" for a store that never held anything.
	ID string
	// Format is the number of the format; 0 without an id.
	Format int
	// From is the format that a running migration to Format has reached; 0 otherwise.
	From int
}

// Reached returns the format that all data have at least.
func (m Mark) Reached() int {
	if m.From != 0 {
		return m.From
	}
	return m.Format
}

// String returns the stored form: "<id>", "<id> format=2" or, during a migration, "<id> format=2 from=1".
func (m Mark) String() string {
	switch {
	case m.ID == "" || m.Format <= 1:
		return m.ID
	case m.From != 0:
		return fmt.Sprintf("%s format=%d from=%d", m.ID, m.Format, m.From)
	default:
		return fmt.Sprintf("%s format=%d", m.ID, m.Format)
	}
}

// ParseMark parses what String returns. Text after the number belongs to a later version and is ignored.
func ParseMark(text string) (Mark, error) {
	if text == "" {
		return Mark{}, nil
	}
	parts := strings.Split(text, " ")
	m := Mark{ID: parts[0], Format: 1}
	for i, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(value)
		switch {
		case i == 0 && name == "format" && err == nil && n > 1:
			m.Format = n
		case i == 1 && name == "from" && err == nil && n > 0 && n < m.Format:
			m.From = n
		case i > 0 && m.Format > Format:
		default:
			return m, fault.New(fault.Unavailable, "Redis 里的标记键 canary 已损坏：请用 mashang restore 恢复备份")
		}
	}
	return m, nil
}

// Newer returns the fault for data of a later version, nil for others. Such data are not touched: this version
// would drop fields that it does not know.
func Newer(format int) error {
	if format <= Format {
		return nil
	}
	return fault.New(fault.Unavailable, "数据由更新的版本写成（数据格式 %d，本程序只认识到 %d），没有改动任何数据。"+
		"请换用写入它的版本或更新的版本；要退回旧版本，只能用 mashang restore 恢复升级前的备份", format, Format)
}

// Mark reads the mark.
func (s Upkeep) Mark(ctx context.Context) (Mark, error) {
	text, err := s.optional(ctx, keyMark)
	if err != nil {
		return Mark{}, err
	}
	return ParseMark(text)
}

// Initialize marks an empty store, once, with its id and format. The caller keeps the id outside of Redis: if a
// later start finds another id or none, the data are lost, since Redis starts empty without an error when its
// files are missing. A marked store returns fault.Conflict.
func (s Upkeep) Initialize(ctx context.Context, id string) error {
	planted, err := s.rdb.SetNX(ctx, keyMark, Mark{ID: id, Format: Format}.String(), 0).Result()
	if err != nil {
		return failed(err)
	}
	if !planted {
		return fault.New(fault.Conflict, "数据库已有标记，不能再次初始化")
	}
	return nil
}
