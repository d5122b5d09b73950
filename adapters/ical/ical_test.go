package ical_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"mashang/adapters/ical"
	"mashang/domain/reception"
	"mashang/domain/station"
)

const page = "https://q.example.cn/m/pages/duty/index"

func feed() reception.Feed {
	at := func(day, hour int) time.Time { return time.Date(2026, 7, day, hour, 0, 0, 0, station.Zone) }
	return reception.Feed{Name: "接待与值班 · 六家井", Events: []reception.Event{
		{
			UID: "20260724-j01.m01@lj.mashang", From: at(24, 9), To: at(24, 12), Changed: at(22, 12), Sequence: 2,
			Summary: "接待日：物业与停车", Where: "县城工作站（滨河路 1 号）", Notes: "预约 2 批 5 人",
		},
		{
			UID: "20260731-j01.m01@lj.mashang", From: at(31, 14), To: at(31, 17), Changed: at(22, 13), Sequence: 3,
			Summary: "已取消：接待日：低保", Notes: "取消原因：停电", Cancelled: true,
		},
	}}
}

func encoded(tb testing.TB, f reception.Feed) string {
	tb.Helper()
	out, err := ical.Encode(f, page)
	if err != nil {
		tb.Fatal(err)
	}
	return string(out)
}

// TestLines: what programs read by the letter.
func TestLines(t *testing.T) {
	t.Parallel()
	text := encoded(t, feed())
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mashang//reception//ZH\r\n",
		"METHOD:PUBLISH\r\n",
		"NAME:接待与值班 · 六家井\r\nX-WR-CALNAME:接待与值班 · 六家井\r\n",
		"X-PUBLISHED-TTL:PT1H\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n",
		"BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nTZNAME:CST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
		"BEGIN:VEVENT\r\nUID:20260724-j01.m01@lj.mashang\r\nDTSTAMP:20260722T040000Z\r\nLAST-MODIFIED:20260722T040000Z\r\nSEQUENCE:2\r\n" +
			"DTSTART;TZID=Asia/Shanghai:20260724T090000\r\nDTEND;TZID=Asia/Shanghai:20260724T120000\r\nSUMMARY:接待日：物业与停车\r\nSTATUS:CONFIRMED\r\n",
		"DESCRIPTION:预约 2 批 5 人\r\nURL:" + page + "\r\nEND:VEVENT\r\n",
		"SEQUENCE:3\r\nDTSTART;TZID=Asia/Shanghai:20260731T140000\r\nDTEND;TZID=Asia/Shanghai:20260731T170000\r\n",
		"STATUS:CANCELLED\r\nDESCRIPTION:取消原因：停电\r\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if !strings.HasSuffix(text, "END:VEVENT\r\nEND:VCALENDAR\r\n") || strings.Contains(text, "RRULE") {
		t.Errorf("%s", text)
	}
	if again := encoded(t, feed()); again != text {
		t.Error("the same feed gave other bytes")
	}
}

// TestReadBack: the library reads what it wrote.
func TestReadBack(t *testing.T) {
	t.Parallel()
	cal, err := ics.ParseCalendar(strings.NewReader(encoded(t, feed())))
	if err != nil {
		t.Fatal(err)
	}
	want := feed().Events
	if len(cal.Events()) != len(want) {
		t.Fatalf("%d events", len(cal.Events()))
	}
	for i, e := range cal.Events() {
		from, err := e.GetStartAt()
		if err != nil || !from.Equal(want[i].From) {
			t.Errorf("%s: %v, %v", want[i].UID, from, err)
		}
		if to, err := e.GetEndAt(); err != nil || !to.Equal(want[i].To) {
			t.Errorf("%s: %v, %v", want[i].UID, to, err)
		}
		if e.Id() != want[i].UID || e.GetProperty(ics.ComponentPropertySummary).Value != want[i].Summary {
			t.Errorf("%s: %s", e.Id(), e.GetProperty(ics.ComponentPropertySummary).Value)
		}
	}
}

// TestNoTextBreaksALine: whatever is written of a day, each line of the file is a property or goes on with one, none is
// longer than 75 octets or cuts a character, and the text is read back as it was, but for controls.
func TestNoTextBreaksALine(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune("接待a \r\n\t,;:\\\"👩‍👩‍👧‍👦🚗<>\u2028\u0085\x00N")), 0, 300, -1), rapid.Just("\xff\xfe\r\nBEGIN:VEVENT\r\n"))
	rapid.Check(t, func(r *rapid.T) {
		f := feed()
		f.Name = texts.Draw(r, "name")
		f.Events[0].Summary, f.Events[0].Where, f.Events[0].Notes = texts.Draw(r, "summary"), texts.Draw(r, "where"), texts.Draw(r, "notes")
		checkForm(r, f)
	})
}

func FuzzEncode(f *testing.F) {
	for _, text := range []string{"接待日", "a,b;c\\d", "一\r\n二\n三\r四", "👩‍👩‍👧‍👦", "\xff\x00", strings.Repeat("很长", 200), "\r\nEND:VEVENT\r\nBEGIN:VEVENT"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x := feed()
		x.Name, x.Events[0].Summary, x.Events[0].Where, x.Events[0].Notes = text, text, text, text
		checkForm(t, x)
	})
}

func checkForm(t rapid.TB, f reception.Feed) {
	t.Helper()
	out, err := ical.Encode(f, page)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(out, []byte("\r\n")), []byte("\r\n"))
	begun := 0
	for _, line := range lines {
		if len(line) > 75 || bytes.ContainsAny(line, "\r\n\x00") || !utf8.Valid(line) {
			t.Fatalf("a line of %d octets: %q", len(line), line)
		}
		if line[0] == ' ' {
			continue
		}
		name, _, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) == 0 || name[0] < 'A' || name[0] > 'Z' {
			t.Fatalf("no property: %q", line)
		}
		if string(line) == "BEGIN:VEVENT" {
			begun++
		}
	}
	if begun != len(f.Events) {
		t.Fatalf("%d events of %d", begun, len(f.Events))
	}
	cal, err := ics.ParseCalendar(bytes.NewReader(out))
	if err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	plain := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
	want := strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) {
			return -1
		}
		return r
	}, plain.Replace(strings.ToValidUTF8(f.Events[0].Summary, "")))
	if got := cal.Events()[0].GetProperty(ics.ComponentPropertySummary).Value; got != want {
		t.Fatalf("read back %q, written %q", got, want)
	}
}
