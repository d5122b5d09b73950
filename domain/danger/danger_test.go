package danger_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mashang/domain/danger"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]danger.Kind{
		"我不想活了":           {danger.Suicide},
		"家里着火了救命":         {danger.Fire, danger.LifeAtRisk},
		"码头有人落水，快来救人":     {danger.Water, danger.LifeAtRisk},
		"老人在栈道上晕倒，叫不醒":    {danger.LifeAtRisk},
		"孩子走丢了，五岁，穿红衣服":   {danger.ChildAtRisk},
		"我家小孙女在观景台上不见了":   {danger.ChildAtRisk},
		"我爸喝了酒打我妈":        {danger.Violence},
		"景区着火了":           {danger.Fire},
		"后厨煤气泄漏，味道很大":     {danger.Gas},
		"天然气泄露":           {danger.Gas},
		"液化气罐漏气了":         {danger.Gas},
		"电梯困人":            {danger.Trapped},
		"大巴翻车了":           {danger.LifeAtRisk},
		"洪水进村了":           {danger.Water},
		"墙塌了压着人":          {danger.Trapped},
		"缆车卡住人吊在半空":       {danger.Trapped},
		"吃了野蘑菇全家呕吐":       {danger.LifeAtRisk},
		"冰面塌了人掉进去":        {danger.Water, danger.Trapped},
		"被人打得头破血流":        {danger.Violence, danger.LifeAtRisk},
		"有人被锁在车里":         {danger.Trapped},
		"船翻了，有人打架":        {danger.Water, danger.Violence},
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
		"要是发大水容易溺水。现在有人溺水，在三号码头": {danger.Water, danger.LifeAtRisk},
	} {
		if got := danger.Find(text); !slices.Equal(got, want) {
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
		if got := danger.Find(before + "快来救人" + after); !slices.Contains(got, danger.LifeAtRisk) {
			t.Fatalf("not heard in %q", before+"快来救人"+after)
		}
	})
}

func TestHotlines(t *testing.T) {
	t.Parallel()
	numbers := func(list ...danger.Kind) string {
		var s []string
		for _, h := range danger.Hotlines(list) {
			s = append(s, h.Number)
		}
		return strings.Join(s, " ")
	}
	for want, list := range map[string][]danger.Kind{
		"120 110 119":             {danger.LifeAtRisk},
		"119 110 120":             {danger.Fire},
		"119 110 120 ":            {danger.Gas},
		"119 12395 110 120":       {danger.Water},
		"119 110 120  ":           {danger.Trapped},
		"110 120 12356 119":       {danger.Suicide},
		"110 120 119":             {danger.Violence},
		"119 120 110":             {danger.LifeAtRisk, danger.Fire},
		"119 120 12395 110":       {danger.LifeAtRisk, danger.Water},
		"119 110 12395 120 12356": {danger.Fire, danger.Water, danger.Suicide, danger.ChildAtRisk},
	} {
		if got := numbers(list...); got != strings.TrimSpace(want) {
			t.Errorf("%v: %s, want %s", list, got, want)
		}
	}
	if numbers() != "" {
		t.Error("numbers without a danger")
	}
}

func FuzzFind(f *testing.F) {
	f.Add("有人落水，快来救人")
	f.Add("如果\x00着火\xff了")
	f.Add("救。命 啊！")
	f.Add(strings.Repeat("人车水火掉", 200))
	f.Fuzz(func(t *testing.T, text string) {
		got := danger.Find(text)
		for _, d := range got {
			if d.Chinese() == "" || d.Step() == "" {
				t.Errorf("%s has no words", d)
			}
		}
		if (len(danger.Hotlines(got)) >= 3) != (len(got) > 0) {
			t.Error("the numbers do not go with the dangers")
		}
	})
}
