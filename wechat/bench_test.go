package wechat_test

import (
	"crypto/rand"
	"testing"

	"mashang/wechat"
	"mashang/wechat/emulator"
)

// BenchmarkLoginAndCheck measures the calls of one visit, a login and a text check, to the emulator in process.
func BenchmarkLoginAndCheck(b *testing.B) {
	c := newClock()
	emu, err := emulator.New(b.Context(), emulator.Options{
		AppID: appID, AppSecret: appSecret, Clock: c.Now, Rand: rand.Reader, Pages: wechat.Pages,
		Unlimited: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	client, err := wechat.New(config(wechat.HandlerTransport(emu.API())), &fakeCache{}, c.Now, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Login(b.Context(), emu.LoginCode(someone)); err != nil {
			b.Fatal(err)
		}
		if got, err := client.CheckText(b.Context(), someone, "村口的路灯坏了三天"); err != nil || got != wechat.Pass {
			b.Fatal(got, err)
		}
	}
}
