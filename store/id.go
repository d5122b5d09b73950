package store

import (
	"strings"

	"mashang/domain/fault"
)

// The longest ids that are looked up; no longer one is ever made.
const (
	maxStation = 12
	maxLocal   = 40
)

// split splits a submission's id "<station>-<local>". ok is false for text of another form, so that no key is
// made from it.
func split(id string) (st, local string, ok bool) {
	st, local, ok = strings.Cut(id, "-")
	return st, local, ok && validStation(st) && plain(local, maxLocal)
}

func validStation(st string) bool { return len(st) >= 2 && plain(st, maxStation) }

// plain reports whether s has only a to z and 0 to 9, and at most maxLen of them.
func plain(s string, maxLen int) bool {
	if s == "" || len(s) > maxLen {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// checkStation refuses an id that is not valid in a key.
func checkStation(st string) error {
	if !validStation(st) {
		return fault.New(fault.NotFound, "没有找到这个委员工作站")
	}
	return nil
}
