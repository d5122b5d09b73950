package emulator_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"mashang/wechat/emulator"
)

// A person allows one message and gets one; the second is refused, and so is
// whatever the fault plan says.
func Example() {
	ctx := context.Background()
	emu, err := emulator.New(ctx, emulator.Options{
		AppID: "wx0123456789abcdef", AppSecret: "secret",
		Clock: time.Now, Rand: rand.Reader,
		Pages: []string{"pages/order/index"},
		Templates: []emulator.Template{{
			ID: "tpl-order-ready", Title: "取货通知",
			Fields: []emulator.Field{{Key: "thing1", Name: "商品"}, {Key: "time2", Name: "时间"}},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = emu.Close(ctx) }()
	server := httptest.NewServer(emu.API())
	defer server.Close()

	// A program under test would do this; here it is done by hand.
	call := func(path, body string) string {
		resp, err := http.Post(server.URL+path, "application/json", strings.NewReader(body))
		if err != nil {
			return err.Error()
		}
		defer func() { _ = resp.Body.Close() }()
		data, _ := io.ReadAll(resp.Body)
		return string(data)
	}
	answer := call("/cgi-bin/stable_token",
		`{"grant_type":"client_credential","appid":"wx0123456789abcdef","secret":"secret"}`)
	token := strings.Split(answer, `"`)[3]
	send := func() string {
		text := call("/cgi-bin/message/subscribe/send?access_token="+token, `{
			"touser":"some-person","template_id":"tpl-order-ready","page":"pages/order/index?id=7",
			"data":{"thing1":{"value":"苹果"},"time2":{"value":"2026-05-01 15:00"}}}`)
		text, _, _ = strings.Cut(text, ",")
		return text
	}

	if _, err := emu.Grant(ctx, "some-person", "tpl-order-ready", 1); err != nil {
		fmt.Println(err)
	}
	fmt.Println(send())
	fmt.Println(send())
	fmt.Println(emu.Messages("some-person")[0].Data["thing1"].Value)

	if err := emu.SetFaults(emulator.Fault{Kind: emulator.FaultErrcode, Code: 45009, Times: 1}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(send())
	// Output:
	// {"errcode":0
	// {"errcode":43101
	// 苹果
	// {"errcode":45009
}
