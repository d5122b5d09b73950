package classify

import (
	"math"
	"slices"
	"strings"
)

// NearDuplicate is the share of common triples of characters (Jaccard) from which two texts count as copies.
const NearDuplicate = 0.6

// MinHash signatures: bands of bandRows hashes find nearly every pair above NearDuplicate. Pairs are then
// checked against the whole sets.
const (
	bands       = 20
	bandRows    = 4
	tripleStart = 2166136261
)

// Groups puts texts with the same title, and near copies, into one group, and returns the group of each. A
// measurement on unseen texts must keep a group on one side, as a copy of a training text is not unseen.
func Groups(list []Example) []int {
	sets := make([][]uint32, len(list))
	parent := make([]int, len(list))
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	titles, found := map[string]int{}, map[[2]uint64][]int{}
	for i, e := range list {
		parent[i] = i
		if title := strings.TrimSpace(e.Title); title != "" {
			if j, ok := titles[title]; ok {
				parent[i] = root(j)
			} else {
				titles[title] = i
			}
		}
		sets[i] = triples(e.Title + e.Text)
		for band := range uint64(bands) {
			key := [2]uint64{band, signature(sets[i], band)}
			for _, j := range found[key] {
				if a, b := root(i), root(j); a != b && nearDuplicate(sets[i], sets[j]) {
					parent[a] = b
				}
			}
			// A band that very many share belongs to texts that are too short to distinguish.
			if len(found[key]) < 20 {
				found[key] = append(found[key], i)
			}
		}
	}
	groups, ids := make([]int, len(list)), map[int]int{}
	for i := range list {
		r := root(i)
		if _, ok := ids[r]; !ok {
			ids[r] = len(ids)
		}
		groups[i] = ids[r]
	}
	return groups
}

// triples returns the sorted set of a text's hashed triples of characters.
func triples(text string) []uint32 {
	r := foldRunes(nil, text, maxRunes)
	var set []uint32
	for i := 0; i+3 <= len(r); i++ {
		h := uint32(tripleStart)
		for _, x := range r[i : i+3] {
			h = (h ^ uint32(x)) * 16777619 //nolint:gosec // a rune is not negative
		}
		set = append(set, h)
	}
	slices.Sort(set)
	return slices.Compact(set)
}

func signature(set []uint32, band uint64) uint64 {
	key := band
	for row := range uint64(bandRows) {
		d := rng(band*bandRows + row)
		seed, least := d.next(), uint64(math.MaxUint64)
		for _, h := range set {
			x := (uint64(h) ^ seed) * 0xff51afd7ed558ccd
			least = min(least, x^x>>32)
		}
		key = key*1000003 ^ least
	}
	return key
}

// nearDuplicate compares two sorted sets.
func nearDuplicate(a, b []uint32) bool {
	both, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return len(a)+len(b) > 0 && float64(both) >= NearDuplicate*float64(len(a)+len(b)-both)
}
