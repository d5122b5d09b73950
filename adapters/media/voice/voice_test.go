package voice_test

import (
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"mashang/adapters/media/voice"
)

func opus() []byte { return element(0x1654AE6B, track(2, "A_OPUS")) }

func read(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestProbeTakes(t *testing.T) {
	t.Parallel()
	fragment := func(parts ...[]byte) []byte { return box("moof", box("traf", slices.Concat(parts...))) }
	for _, c := range []struct {
		name    string
		data    []byte
		kind    string
		seconds float64
	}{
		{"mp3", mp3Frames(100), voice.MP3, 3.6},
		{"mp3 with tags", slices.Concat(id3(300), id3(20), mp3Frames(100), []byte("APETAGEX and more"), []byte("TAG"), make([]byte, 125)), voice.MP3, 3.6},
		{"mp3 stopped inside a frame", mp3Frames(100)[:99*144+70], voice.MP3, 99 * 0.036},
		{"mp3 with padding between frames", slices.Concat(mp3Frames(50), make([]byte, 1000), mp3Frames(50)), voice.MP3, 3.6},
		{"m4a", m4a(7), voice.M4A, 7},
		{"m4a that plays longer than it says", slices.Concat(ftyp(), box("moov", mvhd(1000), trak(1, "soun", "mp4a", 70)), mdat()), voice.M4A, 70},
		{"m4a of unknown length in the header", slices.Concat(ftyp(), box("moov", mvhd(1<<32-1), trak(1, "soun", "Opus", 3)), mdat()), voice.M4A, 3},
		{
			"m4a in fragments, lengths in the runs",
			slices.Concat(ftyp(), box("moov", mvhd(0), trak(4, "soun", "mp4a", 0)),
				fragment(box("tfhd", words(0, 4)), box("trun", words(0x101, 2, 99, 1500, 500))), mdat(),
				fragment(box("tfhd", words(0, 4)), box("trun", words(0x305, 1, 99, 98, 4000, 7))), mdat()),
			voice.M4A, 6,
		},
		{
			"m4a in fragments, lengths by default",
			slices.Concat(ftyp(), box("moov", mvhd(0), trak(4, "soun", "mp4a", 0), box("mvex", box("trex", words(0, 4, 1, 250, 0)))),
				fragment(box("tfhd", words(0, 4)), box("trun", words(0, 4))), mdat(),
				fragment(box("tfhd", words(0x0B, 4, 0, 0, 1, 125)), box("trun", words(0, 8))), mdat()),
			voice.M4A, 2,
		},
		{"webm without a duration", webm(opus(), cluster(0, 0), cluster(2000, 340)), voice.WebM, 2.34},
		{"webm with a duration", webm(duration(5000), opus(), cluster(0, 0)), voice.WebM, 5},
		{"webm whose packets outlast its duration", webm(duration(1000), opus(), cluster(0, 0), cluster(90_000, -10)), voice.WebM, 89.99},
		{"webm with vorbis and blocks in groups", webm(element(0x1654AE6B, track(2, "A_VORBIS")), streamed(0x1F43B675, element(0xE7, []byte{100}),
			element(0xA0, element(0xA1, []byte{0x81, 0, 50, 0}), element(0x9B, []byte{50})))), voice.WebM, 0.2},
		{"chromium's webm", read(t, "testdata/chromium.webm"), voice.WebM, 1.95},
		{"chromium's m4a", read(t, "testdata/chromium.m4a"), voice.M4A, 1.95},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			info, err := voice.Probe(c.data)
			if err != nil {
				t.Fatal(err)
			}
			slack := 0.001
			if strings.HasPrefix(c.name, "chromium") {
				slack = 0.2
			}
			if info.Type != c.kind || math.Abs(info.Seconds-c.seconds) > slack {
				t.Errorf("got %+v, want %s of %v s", info, c.kind, c.seconds)
			}
		})
	}
}

func TestProbeRefuses(t *testing.T) {
	t.Parallel()
	good := webm(opus(), cluster(0, 0))
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, voice.ErrKind},
		{"text", []byte("<html>ÿû</html>"), voice.ErrKind},
		{"raw AAC", append([]byte{0xFF, 0xF1, 0x50, 0x80}, make([]byte, 400)...), voice.ErrKind},
		{"wav", []byte("RIFF\x24\x00\x00\x00WAVEfmt "), voice.ErrKind},
		{"one mp3 header and rubbish", append([]byte{0xFF, 0xF3, 0x48, 0xC4}, make([]byte, 9000)...), voice.ErrBroken},
		{"a page behind an ID3 tag", append(id3(20), []byte(strings.Repeat("<script>", 900))...), voice.ErrBroken},
		{"an ID3 tag longer than the file", id3(300)[:50], voice.ErrBroken},
		{"mp3 full of junk", slices.Concat(mp3Frames(10), make([]byte, 5000), mp3Frames(10)), voice.ErrBroken},
		{"video", slices.Concat(ftyp(), box("moov", mvhd(1000), trak(1, "soun", "mp4a", 1), trak(2, "vide", "avc1", 1)), mdat()), voice.ErrVideo},
		{"m4a without sound", slices.Concat(ftyp(), box("moov", mvhd(1000)), mdat()), voice.ErrBroken},
		{"m4a without media", slices.Concat(ftyp(), box("moov", mvhd(1000), trak(1, "soun", "mp4a", 1))), voice.ErrBroken},
		{"m4a of no length", slices.Concat(ftyp(), box("moov", mvhd(0), trak(1, "soun", "mp4a", 0)), mdat()), voice.ErrBroken},
		{"amr in mp4", slices.Concat(ftyp(), box("moov", mvhd(1000), trak(1, "soun", "samr", 1)), mdat()), voice.ErrKind},
		{"m4a cut short", m4a(3)[:len(m4a(3))-3], voice.ErrBroken},
		{"box smaller than its header", append(ftyp(), words(4)...), voice.ErrBroken},
		{"box of 64 bits that lies", append(ftyp(), []byte{0, 0, 0, 1, 'm', 'o', 'o', 'v', 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}...), voice.ErrBroken},
		{"run that claims more samples than it has", slices.Concat(ftyp(), box("moof", box("traf", box("trun", words(0x100, 1<<31, 5)))), mdat()), voice.ErrBroken},
		{"too many tracks", append(ftyp(), box("moov", slices.Repeat(trak(1, "soun", "mp4a", 1), 17))...), voice.ErrBroken},
		{"matroska", append(ebml("matroska"), good[len(ebml("webm")):]...), voice.ErrKind},
		{"webm video", webm(element(0x1654AE6B, track(2, "A_OPUS"), track(1, "V_VP9")), cluster(0, 0)), voice.ErrVideo},
		{"webm with another codec", webm(element(0x1654AE6B, track(2, "A_AAC")), cluster(0, 0)), voice.ErrKind},
		{"webm of subtitles", webm(element(0x1654AE6B, track(17, "S_TEXT")), cluster(0, 0)), voice.ErrBroken},
		{"webm without tracks", webm(cluster(0, 0)), voice.ErrBroken},
		{"webm without packets", webm(opus()), voice.ErrBroken},
		{"webm cut short", good[:len(good)-2], voice.ErrBroken},
		{"two webm files in one", append(good, good...), voice.ErrBroken},
		{"webm of no duration at all", webm(duration(math.NaN()), opus(), cluster(0, 0)), voice.ErrBroken},
		{"webm without ticks", webm(element(0x1549A966, element(0x2AD7B1, []byte{0})), opus(), cluster(0, 0)), voice.ErrBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			info, err := voice.Probe(c.data)
			if !errors.Is(err, c.want) || info != (voice.Info{}) {
				t.Errorf("got %+v, %v, want %v", info, err, c.want)
			}
		})
	}
}

// Every prefix of a sound file is refused or shorter than the whole, and none makes a parser panic.
func TestProbeOfEveryBeginning(t *testing.T) {
	t.Parallel()
	for _, whole := range [][]byte{mp3Frames(4), m4a(3), webm(opus(), cluster(0, 0), cluster(900, 9)), read(t, "testdata/chromium.webm")} {
		full, err := voice.Probe(whole)
		if err != nil {
			t.Fatal(err)
		}
		for n := range whole {
			if info, err := voice.Probe(whole[:n]); err == nil && info.Seconds > full.Seconds {
				t.Fatalf("%d of %d bytes are said to last longer", n, len(whole))
			}
		}
	}
}

// Files with as many parser steps as bytes need no memory.
func TestProbeAllocatesLittle(t *testing.T) {
	const size = 2 << 20
	for name, data := range map[string][]byte{
		"empty boxes":    append(ftyp(), slices.Repeat(box("free"), size/8)...),
		"empty elements": append(webm(opus(), cluster(0, 0)), slices.Repeat([]byte{0xEC, 0x80}, size/2)...),
		"mp3 syncs":      slices.Concat(mp3Frames(2), slices.Repeat([]byte{0xFF}, size)),
	} {
		if got := testing.AllocsPerRun(3, func() { _, _ = voice.Probe(data) }); got > 32 {
			t.Errorf("%s: %v allocations", name, got)
		}
	}
}

func FuzzProbe(f *testing.F) {
	for _, seed := range [][]byte{
		nil, mp3Frames(3), append(id3(5), mp3Frames(3)...), m4a(2), webm(opus(), cluster(0, 0)), webm(duration(9), opus(), cluster(5, -5)),
		slices.Concat(ftyp(), box("moof", box("traf", box("tfhd", words(8, 1, 5)), box("trun", words(0x101, 1, 9, 5))))),
		read(f, "testdata/chromium.webm"), read(f, "testdata/chromium.m4a"),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := voice.Probe(data)
		switch {
		case err != nil && info != (voice.Info{}):
			t.Errorf("both %+v and %v", info, err)
		case err == nil && (info.Type != voice.Sniff(data) || math.IsNaN(info.Seconds) || info.Seconds < 0):
			t.Errorf("odd %+v", info)
		}
	})
}
