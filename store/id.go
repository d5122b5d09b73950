package store

import (
	"strings"

	"mashang/domain/fault"
)

// The longest ids that are looked up; longer ones are nobody's.
const (
	maxStation = 12
	maxLocal   = 40
)

// split takes a submission's id apart, "<station>-<local>". ok is false for
// anything that cannot be an id, so that no key is made from it.
func split(id string) (st, local string, ok bool) {
	st, local, ok = strings.Cut(id, "-")
	return st, local, ok && validStation(st) && plain(local, maxLocal)
}

func validStation(st string) bool { return len(st) >= 2 && plain(st, maxStation) }

// plain reports whether s is made of a to z and 0 to 9 only.
func plain(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// checkStation refuses an id that would not make a key of its own slot.
func checkStation(st string) error {
	if !validStation(st) {
		return fault.New(fault.NotFound, "没有找到这个委员工作站")
	}
	return nil
}
