package record_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/record"
)

func seal(text string) string {
	sum := sha256.Sum256([]byte("key" + text))
	return hex.EncodeToString(sum[:])
}

func sealed(text, mac string) bool { return seal(text) == mac }

// chain is n lines, of which the first few are of before there was a chain.
func chain(n, before int) []record.Link {
	var list []record.Link
	prev := ""
	for i := range n {
		l := record.Link{N: int64(i + 1), Entry: strconv.Itoa(i), Audit: record.Audit{
			At: time.UnixMilli(1_790_000_000_000 + int64(i)), Role: "liaison", ID: "l1", Action: "phone", Object: "lj-" + strconv.Itoa(i%3), Why: "回访",
		}}
		if i < before {
			l.N = 0
		} else {
			l.MAC = seal(l.Canonical("lj", prev))
			prev = l.MAC
		}
		list = append(list, l)
	}
	return list
}

// faults are what is wrong with a chain, and where it ends.
func faults(list []record.Link, known *record.Head) ([]string, record.Head) {
	c := record.Chain{Station: "lj", Sealed: sealed, KnownHead: known}
	var found []string
	for _, l := range list {
		if what := c.Next(l); what != "" {
			found = append(found, what)
		}
	}
	if what := c.End(); what != "" {
		found = append(found, what)
	}
	return found, c.Head
}

// Any one change to any chain is found: an edit, a removal, a swap, a line
// repeated, a seal taken off; a cut or a new end when a head was kept.
func TestEveryChangeIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 30).Draw(t, "lines")
		before := rapid.IntRange(0, n-3).Draw(t, "before")
		list := chain(n, before)
		whole, head := faults(list, nil)
		if len(whole) > 0 || head.N != int64(n) || head.MAC != list[n-1].MAC {
			t.Fatalf("a whole chain: %v, %+v", whole, head)
		}
		i := rapid.IntRange(before, n-2).Draw(t, "at") // not the last: what is cut off there only a kept head shows
		switch rapid.SampledFrom([]string{"edit", "time", "remove", "swap", "repeat", "strip", "cut", "end"}).Draw(t, "change") {
		case "edit":
			switch rapid.IntRange(0, 4).Draw(t, "field") {
			case 0:
				list[i].Why += "。"
			case 1:
				list[i].ID = "l2"
			case 2:
				list[i].Action = "roster-export"
			case 3:
				list[i].Object = "lj-9"
			default:
				list[i].Person = "u2"
			}
		case "time":
			list[i].At = list[i].At.Add(time.Millisecond)
		case "remove":
			list = slices.Delete(list, i, i+1)
		case "swap":
			list[i], list[i+1] = list[i+1], list[i]
		case "repeat":
			list = slices.Insert(list, i, list[i])
		case "strip":
			list[i+1].MAC, list[i+1].N = "", 0
		case "cut":
			list = list[:i+1]
			if found, _ := faults(list, &head); !slices.Contains(found, record.CutOff) {
				t.Fatalf("cut after %d of %d: %v", i+1, n, found)
			}
			return
		case "end":
			// Somebody with the key writes the end anew.
			list[n-1].Why = "另一个理由"
			prev := list[n-2].MAC
			list[n-1].MAC = seal(list[n-1].Canonical("lj", prev))
			if found, _ := faults(list, &head); !slices.Contains(found, record.Replaced) {
				t.Fatalf("the end written anew: %v", found)
			}
			return
		}
		if found, _ := faults(list, nil); len(found) == 0 {
			t.Fatal("not found")
		}
	})
}

// No two lines have the same text under their seals.
func TestCanonicalKeepsPartsApart(t *testing.T) {
	t.Parallel()
	a := record.Link{N: 1, Audit: record.Audit{Role: "liaison", ID: "l1", Action: "phone"}}
	b := record.Link{N: 1, Audit: record.Audit{Role: "liaison", ID: "l", Action: "1phone"}}
	if a.Canonical("lj", "") == b.Canonical("lj", "") || a.Canonical("lj", "") == a.Canonical("l", "j") {
		t.Error("two lines look alike")
	}
}
