package desktest

import (
	"fmt"
	"time"

	"mashang/domain/classify"
)

// TrainModel gives the station a model that distinguishes its three categories.
func (b *Bundle) TrainModel() {
	b.T.Helper()
	said := map[string][]string{
		"tour":   {"游船票不退", "导游强制购物", "景区停车难", "民宿不干净"},
		"market": {"摊位缺斤少两", "超市卖过期奶", "多收了二十元", "发票不肯开"},
		"school": {"校车座位不够", "食堂饭菜凉", "作业太多", "学区划分不清"},
	}
	var list []classify.Example
	for label, texts := range said {
		for i := range 60 {
			list = append(list, classify.Example{Label: label, Text: fmt.Sprintf("%s，%s %c%c", texts[i%4], texts[(i/4+i)%4], '甲'+rune(i), '一'+rune(i))})
		}
	}
	m, err := classify.Train(list, classify.Setting{Target: .9})
	if err != nil {
		b.T.Fatal(err)
	}
	file, err := m.Encode()
	if err != nil {
		b.T.Fatal(err)
	}
	if _, err := b.Store.PutModel(b.T.Context(), Here, file); err != nil {
		b.T.Fatal(err)
	}
	b.Clock.Advance(61 * time.Second) // a model is read again after a minute
}
