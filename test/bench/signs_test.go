package bench_test

import (
	"fmt"
	"testing"
	"time"

	"mashang/domain/record"
	"mashang/qrcodes"
)

const (
	manySigns = 300
	// signsWithin is how long they may take.
	signsWithin = time.Minute
)

// BenchmarkSigns draws a large station's signs as one PDF, each code read back
// from the drawn pixels.
func BenchmarkSigns(b *testing.B) {
	signs := make([]record.Sign, manySigns)
	for i := range signs {
		signs[i] = record.Sign{
			Kind: qrcodes.KindMember, Title: "王秀英", Subtitle: []string{"文化旅游界别 · 柳湾村", "农家乐协会会长", "熟悉：旅游投诉、食品安全"},
			Village: fmt.Sprint("第", i/9, "村"), Station: "黄河沿镇政协委员工作站", Phone: "0930-6221234",
			Purposes: []string{"投诉", "建议", "咨询", "求助", "调解纠纷"}, Key: fmt.Sprintf("7kq4m2x%03d", i),
		}
		signs[i].URL = "https://mashang.example.gov.cn/q/" + signs[i].Key
	}
	for _, template := range record.SignTemplates {
		b.Run(template, func(b *testing.B) {
			for b.Loop() {
				start := time.Now()
				f, err := qrcodes.Draw(b.Context(), signs, record.SignJob{Template: template}, func(int, int) {})
				if err != nil {
					b.Fatal(err)
				}
				took := time.Since(start)
				figure(b, took.Seconds(), "s/300-signs")
				figure(b, float64(len(f.Data))/1e6, "MB/file")
				aim(b, "seconds for 300 signs", took.Seconds(), "<=", signsWithin.Seconds())
			}
		})
	}
}
