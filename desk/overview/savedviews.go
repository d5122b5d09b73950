package overview

import (
	"context"
	"strings"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

const (
	maxSavedViews = 20
	maxViewName   = 20
	maxViewQuery  = 500
)

// queryMarks are the characters of a query string besides letters and digits; all others are escaped by "%".
const queryMarks = "=&%,.+-_~*"

// SavedViews returns the caller's saved list filters, in their order.
func (svc *Service) SavedViews(ctx context.Context, c access.Caller) ([]record.SavedView, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	p, err := svc.store.Personal(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	return p.Views, p.Readable(record.ViewList)
}

// SetSavedViews replaces all of the caller's.
func (svc *Service) SetSavedViews(ctx context.Context, c access.Caller, list []record.SavedView) ([]record.SavedView, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return nil, err
	}
	var f fault.Check
	f.Require(len(list) <= maxSavedViews, "items", "最多保存 20 个筛选，请先删去一些")
	out, seen := make([]record.SavedView, 0, len(list)), map[string]bool{}
	for _, v := range list {
		v.Name = strings.TrimSpace(casework.Clean(v.Name))
		f.Require(v.Name != "" && casework.Runes(v.Name) <= maxViewName && !strings.Contains(v.Name, "\n"), "items", "筛选的名称要有 1 至 20 个字")
		f.Require(!seen[v.Name], "items", "已经有同名的筛选，请换一个名称")
		f.Require(len(v.Query) <= maxViewQuery && isQuery(v.Query), "items", "筛选条件太长或有误，请重新选择后再保存")
		seen[v.Name] = true
		out = append(out, v)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return out, svc.store.PutPersonal(ctx, c.Person, record.Personal{Views: out})
}

func isQuery(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"+queryMarks) == ""
}
