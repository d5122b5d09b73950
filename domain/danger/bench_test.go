package danger_test

import (
	"strings"
	"testing"

	"mashang/domain/danger"
)

func BenchmarkFind(b *testing.B) {
	short := "码头有人落水，快来救人"
	for _, text := range []struct{ name, text string }{
		{"short", short},
		{"2000 characters", strings.Repeat("停车场乱收费，老人孩子在门口等了半天没人管，工作人员说不出理由。", 62)},
		{"2000 worst", strings.Repeat("人车水火掉", 400)},
	} {
		b.Run(text.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text.text)))
			for b.Loop() {
				danger.Find(text.text)
			}
		})
	}
}
