package station

import (
	"slices"
	"strings"

	"mashang/domain/fault"
	"mashang/domain/fold"
)

// TargetKind is what a code points at.
type TargetKind string

// The kinds of targets.
const (
	ForMember    TargetKind = "member"
	ForRoom      TargetKind = "room"
	ForPlace     TargetKind = "place"
	ForStation   TargetKind = "station"
	ForReception TargetKind = "reception" // a rule of reception days
)

// TargetKinds are all of them.
var TargetKinds = []TargetKind{ForMember, ForRoom, ForPlace, ForStation, ForReception}

// Target is what a scanned code leads to, inside one station. ID is empty for
// the station itself.
type Target struct {
	Kind TargetKind `json:"kind"`
	ID   string     `json:"id,omitempty"`
}

// Code is what is printed: a short random key that can be re-pointed without
// reprinting and revoked without a trace of who scanned it.
type Code struct {
	Key     string `json:"key"`
	Station string `json:"station"`
	Target  Target `json:"target"`
	Revoked bool   `json:"revoked,omitempty"`
	// CreatedAt is in UTC milliseconds.
	CreatedAt int64 `json:"created_at"`
}

// KeyAlphabet has no letters or digits that are mistaken for one another when
// read aloud or typed from a sign.
const KeyAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"

// KeyLength gives 31^10, about 49 bits: with login and address limits a guess
// finds none of a hundred thousand codes in practice.
const KeyLength = 10

// ParseScene takes what a client scanned or somebody typed (the key as printed,
// or the whole /q/ address of a plain-link code) and returns the key. The
// platform allows 32 characters in a scene; an address is longer and only what
// follows the last /q/ of its path counts. Of a text with the key and words or
// signs around it (编号：…。) the key counts. The error is fault.NotFound.
func ParseScene(scene string) (string, error) {
	key := fold.Key(scene)
	if i := strings.IndexAny(key, "?#"); i >= 0 {
		key = key[:i]
	}
	if i := strings.LastIndex(key, "/q/"); i >= 0 {
		key = strings.TrimSuffix(key[i+len("/q/"):], "/")
	}
	for _, text := range []string{strings.NewReplacer(" ", "", "-", "").Replace(key), key} {
		if found := keysIn(text); len(found) == 1 && !strings.Contains(text, "/") { // another's address has letters, too
			return found[0], nil
		}
	}
	return "", fault.New(fault.NotFound, "这个码不是本平台的码，请核对后重试")
}

// keysIn are the runs of plain letters and digits that can be a key.
func keysIn(folded string) []string {
	runs := strings.FieldsFunc(folded, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') })
	return slices.DeleteFunc(runs, func(s string) bool { return len(s) != KeyLength || strings.Trim(s, KeyAlphabet) != "" })
}

// Resolve checks that the target exists in the roster and returns its name.
func (s *Station) Resolve(t Target) (name string, ok bool) {
	switch t.Kind {
	case ForMember:
		m, found := s.Member(t.ID)
		return m.Name, found && !m.Left
	case ForRoom:
		r, found := s.Room(t.ID)
		return r.Name, found
	case ForPlace:
		p, found := s.Place(t.ID)
		return p.Name, found
	case ForStation:
		return s.Name, t.ID == ""
	case ForReception:
		r, found := s.Reception(t.ID)
		return r.Name, found
	default:
		return "", false
	}
}

// FilingTarget returns under which target a submission is filed that comes from a code of t: the place of a rule of
// reception, because who sits on a day is not yet whom a matter is for; every other target is its own. The station
// stands for a rule that is gone.
func (s *Station) FilingTarget(t Target) Target {
	if t.Kind != ForReception {
		return t
	}
	r, _ := s.Reception(t.ID)
	return r.Target()
}

// Village returns the village the target lies in, "" if it has none.
func (s *Station) Village(t Target) string {
	switch t.Kind {
	case ForMember:
		m, _ := s.Member(t.ID)
		return m.Village
	case ForRoom:
		r, _ := s.Room(t.ID)
		return r.Village
	case ForPlace:
		p, _ := s.Place(t.ID)
		return p.Village
	case ForReception:
		return s.Village(s.FilingTarget(t))
	default:
		return ""
	}
}
