package voice_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"mashang/adapters/media/voice"
)

const planted = "Planted Name"

// vorbis is CodecPrivate: three headers, the second of them comments.
func vorbis() []byte {
	field := func(s string) []byte { return append(binary.LittleEndian.AppendUint32(nil, uint32(len(s))), s...) }
	comments := slices.Concat([]byte("\x03vorbis"), field(planted), []byte{1, 0, 0, 0}, field("ARTIST="+planted), []byte{1})
	setup := "\x05vorbis and its tables"
	return slices.Concat([]byte{2, 30, byte(len(comments))}, make([]byte, 30), comments, []byte(setup))
}

func TestStripTakesWordsOut(t *testing.T) {
	t.Parallel()
	word := []byte(planted)
	long := []byte(strings.Repeat(planted, 40))
	times := words(0, 0x506C616E, 0x74656420, 1000, 2000) // creation and change, "Planted "
	track := box("trak",
		box("tkhd", words(0, 0x506C616E, 0x74656420, 1, 0, 0)),
		box("udta", box("name", word)),
		box("meta", word),
		box("mdia",
			box("mdhd", times),
			box("hdlr", words(0, 0), []byte("soun"), words(0, 0, 0), word, []byte{0}),
			box("minf",
				box("dinf", box("dref", words(0, 1), box("url ", words(0), word))),
				box("stbl",
					box("stsd", words(0, 1), box("mp4a", words(0, 0, 0, 0))),
					box("stts", words(0, 1, 2, 1000)),
					box("stco", words(0, 1, 40)),
					box("uuid", word),
				))),
	)
	moov := box("moov", box("mvhd", times), track, box("udta", box("meta", words(0), box("ilst", word))), box("iods", word))
	for name, data := range map[string][]byte{
		"mp3, tags at both ends": slices.Concat(id3(40)[:10], word, make([]byte, 40-len(word)), mp3Frames(9),
			[]byte("APETAGEX"), word, []byte("TAG"), word, make([]byte, 125-len(word))),
		"mp3, words between frames":    slices.Concat(mp3Frames(4), word, mp3Frames(5)),
		"mp3, stopped inside a frame":  slices.Concat(mp3Frames(4), mp3Frames(1)[:50], word),
		"m4a":                          slices.Concat(ftyp(), moov, mdat(), box("free", word), box("meta", word), box("Plan", word)),
		"m4a, fragments":               slices.Concat(ftyp(), moov, box("moof", box("mfhd", words(0, 1)), box("traf", box("tfhd", words(0, 1)), box("uuid", word)), box("meta", word)), mdat(), box("emsg", word)),
		"webm, tags":                   webm(duration(900), opus(), cluster(0, 0), element(0x1254C367, element(0x7373, element(0x67C8, word)))),
		"webm, long tags":              webm(duration(900), opus(), element(0x1254C367, long), cluster(0, 0)),
		"webm, attachment and chapter": webm(opus(), element(0x1941A469, word), element(0x1043A770, long), cluster(0, 0)),
		"webm, title, apps, date":      webm(element(0x1549A966, element(0x7BA9, word), element(0x4D80, word), element(0x5741, word), element(0x4461, word)), opus(), cluster(0, 0)),
		"webm, names of the track":     webm(element(0x1654AE6B, element(0xAE, element(0xD7, []byte{1}), element(0x83, []byte{2}), element(0x86, []byte("A_OPUS")), element(0x536E, word), element(0x22B59C, word), element(0xE1, element(0xB5, words(0)), element(0xEC, word)))), cluster(0, 0)),
		"webm, empty space":            webm(opus(), element(0xEC, word), cluster(0, 0), element(0xEC, long)),
		"webm, vorbis comments":        webm(element(0x1654AE6B, element(0xAE, element(0x83, []byte{2}), element(0x86, []byte("A_VORBIS")), element(0x63A2, vorbis()))), cluster(0, 0)),
	} {
		before, err := voice.Probe(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		was := slices.Clone(data)
		got := voice.Strip(data)
		if !bytes.Equal(data, was) {
			t.Errorf("%s: the file was changed in place", name)
		}
		if bytes.Contains(got, []byte("Plan")) {
			t.Errorf("%s: the words are still there", name)
		}
		if after, err := voice.Probe(got); err != nil || after != before {
			t.Errorf("%s: %+v became %+v, %v", name, before, after, err)
		}
		if before.Type != voice.MP3 && len(got) != len(data) {
			t.Errorf("%s: %d bytes became %d, so offsets are wrong", name, len(data), len(got))
		}
		if again := voice.Strip(got); !bytes.Equal(again, got) {
			t.Errorf("%s: stripping again changes it", name)
		}
	}
}

// The sound stays: every frame, every sample, every packet.
func TestStripKeepsTheSound(t *testing.T) {
	t.Parallel()
	if got := voice.Strip(slices.Concat(id3(40), mp3Frames(9))); !bytes.Equal(got, mp3Frames(9)) {
		t.Error("frames changed")
	}
	file := slices.Concat(ftyp(), box("moov", mvhd(2000), trak(1, "soun", "mp4a", 2)), mdat())
	if got := voice.Strip(file); !bytes.Equal(got, file) {
		t.Error("a file without words changed")
	}
	for _, name := range []string{"testdata/chromium.webm", "testdata/chromium.m4a"} {
		data := read(t, name)
		got := voice.Strip(data)
		changed := 0
		for i := range data {
			if data[i] != got[i] {
				changed++
			}
		}
		if changed > 200 {
			t.Errorf("%s: %d of %d bytes changed", name, changed, len(data))
		}
	}
}

// Deeply nested boxes are refused.
func TestDepthIsBounded(t *testing.T) {
	t.Parallel()
	file := func(depth int) []byte {
		nested := box("free")
		for range depth {
			nested = box("mdia", nested)
		}
		return slices.Concat(ftyp(), box("moov", mvhd(1000), trak(1, "soun", "mp4a", 1), box("trak", nested)), mdat())
	}
	if _, err := voice.Probe(file(3)); err != nil {
		t.Errorf("three boxes in one another: %v", err)
	}
	if _, err := voice.Probe(file(4)); !errors.Is(err, voice.ErrBroken) {
		t.Errorf("four boxes in one another: %v", err)
	}
}

func FuzzStrip(f *testing.F) {
	for _, seed := range [][]byte{
		append(id3(5), mp3Frames(3)...), m4a(2), webm(duration(9), opus(), cluster(5, -5)),
		webm(element(0x1654AE6B, element(0xAE, element(0x63A2, vorbis())))),
		read(f, "testdata/chromium.webm"), read(f, "testdata/chromium.m4a"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := voice.Strip(data)
		if len(got) > len(data) {
			t.Errorf("%d bytes became %d", len(data), len(got))
		}
		if again := voice.Strip(got); voice.Sniff(data) != voice.MP3 && !bytes.Equal(again, got) {
			t.Error("stripping again changes it")
		}
	})
}
