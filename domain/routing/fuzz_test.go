package routing_test

import (
	"encoding/json"
	"testing"

	"mashang/domain/routing"
	"mashang/domain/station"
)

// FuzzRules: rules that pass their check never break a decision, and no input breaks the check.
func FuzzRules(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"weights":{"sector":0,"busy":10000,"asked":10000},"capacity":1}`,
		`{"categories":[{"category":"health","sectors":["经济"],"squads":["s"]}],"places":[{"place":"jetty","rooms":["r1"]}]}`,
		`{"weights":{"scanned":0,"village":10000},"version":-1}`, `{"weights":{"luck":1}}`, `{"capacity":1001}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r station.Rules
		if json.Unmarshal(data, &r) != nil {
			return
		}
		for _, target := range []station.Target{atStation, atRoom, atJetty, at("doctor")} {
			in := ask(target, func(in *routing.Input) {
				in.Filing.Category = "health"
				in.Station.Squads = []station.Squad{{ID: "s", Name: "专班", Leader: "plain"}}
				in.Loads = map[string]int{"doctor": 3, "tour": 20}
				edit(in, "trade", away)
			})
			if in.Station.CheckRules(r) != nil {
				return
			}
			in.Station.Rules = &r
			d := routing.Decide(in)
			for _, c := range d.Offered() {
				if c.Score <= 0 || c.Capacity <= 0 || c.Member == "trade" || c.Member == "gone" {
					t.Fatalf("%+v", c)
				}
			}
			if target == at("doctor") && r.Weights[station.WeighScanned] > 1000 && len(d.Candidates) == 0 {
				t.Fatal("nobody is a candidate though the scanned member is there")
			}
		}
	})
}
