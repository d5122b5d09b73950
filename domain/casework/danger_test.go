package casework_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
)

func TestDangers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]casework.Danger{
		"我不想活了":           {casework.Suicide},
		"家里着火了救命":         {casework.Fire, casework.LifeAtRisk},
		"码头有人落水，快来救人":     {casework.Water, casework.LifeAtRisk},
		"老人在栈道上晕倒，叫不醒":    {casework.LifeAtRisk},
		"孩子走丢了，五岁，穿红衣服":   {casework.ChildAtRisk},
		"我家小孙女在观景台上不见了":   {casework.ChildAtRisk},
		"我爸喝了酒打我妈":        {casework.Violence},
		"景区着火了":           {casework.Fire},
		"后厨煤气泄漏，味道很大":     {casework.Gas},
		"天然气泄露":           {casework.Gas},
		"液化气罐漏气了":         {casework.Gas},
		"电梯困人":            {casework.Trapped},
		"大巴翻车了":           {casework.LifeAtRisk},
		"洪水进村了":           {casework.Water},
		"墙塌了压着人":          {casework.Trapped},
		"缆车卡住人吊在半空":       {casework.Trapped},
		"吃了野蘑菇全家呕吐":       {casework.LifeAtRisk},
		"冰面塌了人掉进去":        {casework.Water, casework.Trapped},
		"被人打得头破血流":        {casework.Violence, casework.LifeAtRisk},
		"有人被锁在车里":         {casework.Trapped},
		"船翻了，有人打架":        {casework.Water, casework.Violence},
		"跳楼价促销骗人":         nil,
		"打人工费没给":          nil,
		"打死我也不再来了":        nil,
		"自杀式降价是骗人的":       nil,
		"孩子的鞋子丢了":         nil,
		"担心孩子在这里走丢":       nil,
		"孩子上学太远":          nil,
		"停车场收费没有公示":       nil,
		"楼道堆放杂物，有火灾隐患":    nil,
		"电动车飞线充电，万一着火怎么办": nil,
		"天天喝这个水等于慢性自杀":    nil,
		"这是老人的救命钱":        nil,
		"落水管坏了":           nil,
		"去年这里有人昏迷":        nil,
		"这里翻过车":           nil,
		"":                nil,
		"要是发大水容易溺水。现在有人溺水，在三号码头": {casework.Water, casework.LifeAtRisk},
	} {
		if got := casework.Dangers(text); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// Other text around a phrase, or a division into clauses, never hides it.
func TestACryIsHeardInAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.StringOfN(rapid.RuneFrom([]rune("的了在我们路灯。，！ab1 \n")), 0, 60, -1).Draw(t, "before")
		after := rapid.StringOfN(rapid.RuneFrom([]rune("的了在我们路灯。，！ab1 \n")), 0, 60, -1).Draw(t, "after")
		if got := casework.Dangers(before + "快来救人" + after); !slices.Contains(got, casework.LifeAtRisk) {
			t.Fatalf("not heard in %q", before+"快来救人"+after)
		}
	})
}

func TestHotlines(t *testing.T) {
	t.Parallel()
	numbers := func(list ...casework.Danger) string {
		var s []string
		for _, h := range casework.Hotlines(list) {
			s = append(s, h.Number)
		}
		return strings.Join(s, " ")
	}
	for want, list := range map[string][]casework.Danger{
		"120 110 119":             {casework.LifeAtRisk},
		"119 110 120":             {casework.Fire},
		"119 110 120 ":            {casework.Gas},
		"119 12395 110 120":       {casework.Water},
		"119 110 120  ":           {casework.Trapped},
		"110 120 12356 119":       {casework.Suicide},
		"110 120 119":             {casework.Violence},
		"119 120 110":             {casework.LifeAtRisk, casework.Fire},
		"119 120 12395 110":       {casework.LifeAtRisk, casework.Water},
		"119 110 12395 120 12356": {casework.Fire, casework.Water, casework.Suicide, casework.ChildAtRisk},
	} {
		if got := numbers(list...); got != strings.TrimSpace(want) {
			t.Errorf("%v: %s, want %s", list, got, want)
		}
	}
	if numbers() != "" {
		t.Error("numbers without a danger")
	}
}

// An alarm lasts until a liaison has acted, and starts again with a new danger.
func TestAlarmLastsUntilALiaisonActs(t *testing.T) {
	t.Parallel()
	liaison := casework.Actor{Role: access.Liaison, ID: "l1", Name: "孙"}
	visitor := casework.Actor{Role: access.Visitor, ID: "u1"}
	step := func(s casework.Submission, st doing) casework.Submission {
		t.Helper()
		next, err := try(s, st, clock, noon)
		if err != nil {
			t.Fatalf("%s: %v", st.name(), err)
		}
		return next
	}
	s := in(casework.Assigned)
	if s = s.WithDangersIn("路灯坏了"); s.HasOpenDanger() {
		t.Fatal("alarm without a danger")
	}
	s = s.WithDangersIn("有人落水")
	if !s.HasOpenDanger() {
		t.Fatal("no alarm")
	}
	s = step(s, doing{casework.Accept{}, casework.Actor{Role: access.Member, ID: "m1"}})
	if !s.HasOpenDanger() {
		t.Error("a member ended the liaison's alarm")
	}
	s = step(s, doing{casework.HandleDanger{Reason: "已报警"}, liaison})
	if s.HasOpenDanger() || s.State != casework.Accepted || !s.Last().Private {
		t.Errorf("after attend: alarming %v, %s, private %v", s.HasOpenDanger(), s.State, s.Last().Private)
	}
	if _, err := try(s, doing{casework.HandleDanger{Reason: "再报"}, liaison}, clock, noon); !fault.Is(err, fault.WrongState) {
		t.Errorf("attended twice: %v", err)
	}
	s = step(s, doing{casework.Message{Text: "又有人落水了"}, visitor})
	if !s.HasOpenDanger() || len(s.Dangers) != 1 {
		t.Errorf("a new cry: alarming %v, %v", s.HasOpenDanger(), s.Dangers)
	}
	s = step(s, doing{casework.Withdraw{}, visitor})
	if !s.HasOpenDanger() {
		t.Error("withdrawing ended the alarm")
	}
	if s = step(s, doing{casework.HandleDanger{Reason: "已核实"}, liaison}); s.HasOpenDanger() {
		t.Error("a withdrawn one cannot be attended to")
	}
}

func FuzzDangers(f *testing.F) {
	f.Add("有人落水，快来救人")
	f.Add("如果\x00着火\xff了")
	f.Add("救。命 啊！")
	f.Add(strings.Repeat("人车水火掉", 200))
	f.Fuzz(func(t *testing.T, text string) {
		got := casework.Dangers(text)
		for _, d := range got {
			if d.Chinese() == "" || d.Step() == "" {
				t.Errorf("%s has no words", d)
			}
		}
		if (len(casework.Hotlines(got)) >= 3) != (len(got) > 0) {
			t.Error("the numbers do not go with the dangers")
		}
	})
}
