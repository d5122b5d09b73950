package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/wechat/emulator"
)

const picture = "https://station.example/photo/abc"

// fetcher answers with a picture and remembers what was asked for.
func fetcher(asked chan<- string) func(context.Context, string) (int, string, []byte, error) {
	return func(_ context.Context, address string) (int, string, []byte, error) {
		asked <- address
		return http.StatusOK, "image/jpeg", []byte("\xff\xd8\xff"), nil
	}
}

func mediaCheck(change func(map[string]any)) map[string]any {
	m := map[string]any{"version": 2, "openid": someone, "scene": 1, "media_url": picture, "media_type": 2}
	if change != nil {
		change(m)
	}
	return m
}

// checked asks for one check and returns its trace once the verdict is pushed.
func (b *bundle) checked() string {
	b.t.Helper()
	a := b.post("/wxa/media_check_async", mediaCheck(nil))
	b.want(a, 0)
	var out struct {
		TraceID string `json:"trace_id"`
	}
	if err := json.Unmarshal(a.raw, &out); err != nil || out.TraceID == "" {
		b.t.Fatalf("%s: %v", a.raw, err)
	}
	if err := b.WaitIdle(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return out.TraceID
}

// mediaEvent is the verdict as the platform pushes it.
type mediaEvent struct {
	XMLName      xml.Name       `json:"-" xml:"xml"`
	ToUserName   string         `json:"ToUserName" xml:"ToUserName"`
	FromUserName string         `json:"FromUserName" xml:"FromUserName"`
	CreateTime   int64          `json:"CreateTime" xml:"CreateTime"`
	MsgType      string         `json:"MsgType" xml:"MsgType"`
	Event        string         `json:"Event" xml:"Event"`
	AppID        string         `json:"appid" xml:"appid"`
	TraceID      string         `json:"trace_id" xml:"trace_id"`
	Version      int            `json:"version" xml:"version"`
	ErrCode      int            `json:"errcode" xml:"errcode"`
	ErrMsg       string         `json:"errmsg" xml:"errmsg"`
	Result       mediaResult    `json:"result" xml:"result"`
	Detail       []mediaVerdict `json:"detail" xml:"detail"`
}

type mediaResult struct {
	Suggest string `json:"suggest" xml:"suggest"`
	Label   int    `json:"label" xml:"label"`
}

type mediaVerdict struct {
	mediaResult

	Strategy string `json:"strategy" xml:"strategy"`
	ErrCode  int    `json:"errcode" xml:"errcode"`
	Prob     int    `json:"prob" xml:"prob"`
}

func TestMediaVerdicts(t *testing.T) {
	t.Parallel()
	for format, decode := range map[emulator.Format]func([]byte, any) error{
		emulator.JSON: json.Unmarshal, emulator.XML: xml.Unmarshal,
	} {
		for verdict, want := range map[emulator.MediaVerdict]struct {
			errcode int
			result  mediaResult
		}{
			emulator.VerdictPass:   {0, mediaResult{"pass", 100}},
			emulator.VerdictReview: {0, mediaResult{"review", 21000}},
			emulator.VerdictRisky:  {0, mediaResult{"risky", 20006}},
			emulator.VerdictFail:   {-1008, mediaResult{"pass", 100}},
		} {
			t.Run(string(format)+" "+string(verdict), func(t *testing.T) {
				t.Parallel()
				s, asked := &sink{}, make(chan string, 1)
				b := setup(t, func(o *emulator.Options) {
					o.Push, o.PushMode, o.PushFormat, o.Fetch = s.push, emulator.Plain, format, fetcher(asked)
				})
				b.SetMediaVerdicts(someone, verdict)
				trace := b.checked()
				if got := <-asked; got != picture {
					t.Errorf("fetched %q", got)
				}
				if len(s.got) != 1 {
					t.Fatalf("%d pushes, want 1", len(s.got))
				}
				var got mediaEvent
				if err := decode(s.got[0].body, &got); err != nil { // a CreateTime in quotes is no int64
					t.Fatalf("%s: %v", s.got[0].body, err)
				}
				if got.ToUserName != "gh_emulator" || got.FromUserName != someone || got.CreateTime != start.Unix() ||
					got.MsgType != "event" || got.Event != "wxa_media_check" || got.AppID != appID || got.TraceID != trace || got.Version != 2 {
					t.Errorf("event: %+v", got)
				}
				if got.ErrCode != want.errcode || got.ErrMsg == "" || got.Result != want.result {
					t.Errorf("got %d %q %+v, want %+v", got.ErrCode, got.ErrMsg, got.Result, want)
				}
				if len(got.Detail) != 1 || got.Detail[0] != (mediaVerdict{want.result, "content_model", want.errcode, 90}) {
					t.Errorf("detail: %+v", got.Detail)
				}
			})
		}
	}
}

func TestMediaVerdictsComeInOrder(t *testing.T) {
	t.Parallel()
	s, asked := &sink{}, make(chan string, 4)
	b := setup(t, func(o *emulator.Options) { o.Push, o.PushMode, o.Fetch = s.push, emulator.Plain, fetcher(asked) })
	b.SetMediaVerdicts(someone, emulator.VerdictRisky, emulator.VerdictNever)
	b.SetMediaVerdicts(someone, emulator.VerdictReview)
	for range 4 {
		b.checked()
	}
	var got []string
	for _, p := range s.got {
		var e mediaEvent
		if err := json.Unmarshal(p.body, &e); err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Result.Suggest)
	}
	if strings.Join(got, " ") != "risky review pass" || len(asked) != 4 {
		t.Errorf("verdicts %v after %d fetches, want risky, none, review, pass", got, len(asked))
	}
}

func TestMediaThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	big := bytes.Repeat([]byte("x"), 10<<20+1)
	for name, fetch := range map[string]func(context.Context, string) (int, string, []byte, error){
		"nothing fetches": nil,
		"error":           func(context.Context, string) (int, string, []byte, error) { return 0, "", nil, errors.New("no route") },
		"404":             func(context.Context, string) (int, string, []byte, error) { return 404, "", []byte("gone"), nil },
		"empty":           func(context.Context, string) (int, string, []byte, error) { return 200, "image/jpeg", nil, nil },
		"big":             func(context.Context, string) (int, string, []byte, error) { return 200, "image/jpeg", big, nil },
	} {
		s := &sink{}
		b := setup(t, func(o *emulator.Options) { o.Push, o.PushMode, o.Fetch = s.push, emulator.Plain, fetch })
		b.SetMediaVerdicts(someone, emulator.VerdictRisky)
		b.checked()
		if len(s.got) != 1 || !strings.Contains(string(s.got[0].body), `"errcode":-1008`) {
			t.Errorf("%s: pushed %+v", name, s.got)
		}
	}
}

func TestMediaCheckRefusals(t *testing.T) {
	t.Parallel()
	s := &sink{}
	b := setup(t, func(o *emulator.Options) { o.Push = s.push })
	b.want(b.post("/wxa/media_check_async", mediaCheck(nil)), 43104) // nobody by that name yet
	b.SetMediaVerdicts(someone)
	set := func(key string, value any) func(map[string]any) {
		return func(m map[string]any) { m[key] = value }
	}
	for name, tc := range map[string]struct {
		change func(map[string]any)
		code   int
	}{
		"version":        {set("version", 1), 40097},
		"scene 0":        {set("scene", 0), 40129},
		"scene 5":        {set("scene", 5), 40129},
		"type":           {set("media_type", 3), 40004},
		"no address":     {set("media_url", ""), 44002},
		"other scheme":   {set("media_url", "ftp://station.example/a"), 44002},
		"scheme alike":   {set("media_url", "httpx://station.example/a"), 44002},
		"relative":       {set("media_url", "/photo/abc"), 44002},
		"openid":         {set("openid", "a b"), 40003},
		"another's":      {set("openid", "somebody-else"), 43104},
		"version string": {set("version", "2"), 47001},
	} {
		if a := b.post("/wxa/media_check_async", mediaCheck(tc.change)); a.ErrCode != tc.code {
			t.Errorf("%s: errcode %d (%s), want %d", name, a.ErrCode, a.ErrMsg, tc.code)
		}
	}
	if err := b.WaitIdle(t.Context()); err != nil || len(s.got) != 0 {
		t.Errorf("refused checks had verdicts: %d, %v", len(s.got), err)
	}
}

func TestSettleEndsWithItsContext(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	b := setup(t, func(o *emulator.Options) {
		o.Fetch = func(context.Context, string) (int, string, []byte, error) {
			<-hold
			return 0, "", nil, errors.New("late")
		}
	})
	b.SetMediaVerdicts(someone)
	b.want(b.post("/wxa/media_check_async", mediaCheck(nil)), 0)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := b.WaitIdle(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("settled with a check under way: %v", err)
	}
	close(hold)
	if err := b.WaitIdle(t.Context()); err != nil {
		t.Error(err)
	}
}
