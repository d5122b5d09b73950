// Package demo has the roster of the demonstration: a town station beside a river with its members, rooms,
// scenic places and a duty sheet in which somebody is on duty everywhere at every hour. It is read from csv
// files like those that a liaison imports, so the demonstration uses the same code.
//
// All names, places and numbers in it are invented.
package demo

import (
	"embed"
	"fmt"
	"strings"

	"mashang/adapters/sheets"
	"mashang/domain/station"
)

//go:embed data/*.csv
var data embed.FS

// Station returns the demonstration's roster with phones in clear. An error is a mistake in the embedded files.
func Station() (*station.Station, error) {
	entries, err := data.ReadDir("data")
	if err != nil {
		return nil, fmt.Errorf("read demo roster: %w", err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = data.ReadFile("data/" + e.Name()); err != nil {
			return nil, fmt.Errorf("read demo roster: %w", err)
		}
	}
	st, problems, err := sheets.ReadCSV(files)
	if err != nil {
		return nil, fmt.Errorf("read demo roster: %w", err)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("demo roster: %s, %d problems in all", problems[0], len(problems))
	}
	return st, nil
}

// MemberOpenID is the emulated WeChat user bound to a member: demo-member-01
// for m01.
func MemberOpenID(memberID string) string {
	return "demo-member-" + strings.TrimPrefix(memberID, "m")
}

// DepartmentOpenID is the emulated WeChat user bound to a department:
// demo-department-01 for d01.
func DepartmentOpenID(departmentID string) string {
	return "demo-department-" + strings.TrimPrefix(departmentID, "d")
}

// LiaisonOpenID is the emulated WeChat user bound to one of the staff:
// demo-liaison-01 for l01, demo-admin-01 for a01.
func LiaisonOpenID(liaisonID string) string {
	if number, ok := strings.CutPrefix(liaisonID, "a"); ok {
		return "demo-admin-" + number
	}
	return "demo-liaison-" + strings.TrimPrefix(liaisonID, "l")
}
