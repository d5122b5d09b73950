package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// wide writes digits as a Chinese keyboard does.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, s)
}

// isAssigned is a member with two submissions, the second of which was opened last.
func inHand(t *testing.T) (b *desktest.Bundle, named, opened matters.View) {
	t.Helper()
	b = desktest.Setup(t)
	m := b.Member("m01")
	named = b.File(b.Visitor("neighbour"), b.Key(station.ForMember, "m01"))
	opened = b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m01"))
	if _, err := b.Matters.Get(t.Context(), m, opened.ID); err != nil {
		t.Fatal(err)
	}
	return b, named, opened
}

// forms are ways to write a submission's number: N in full, D without its dash, S its last four digits, in wide
// digits W, V and U.
var forms = []string{
	"N 缺收入证明", "W 材料缺一份收入证明", "D缺收入证明", "D 缺收入证明", "V 缺收入证明", "{－} 缺收入证明", "{—} 缺收入证明", "{–}缺收入证明",
	"{‐}缺收入证明", "{−}缺收入证明", "{ー}缺收入证明", "{——}缺收入证明", "{ }缺收入证明", "{ - }缺收入证明", "{_}缺收入证明", "{~}缺收入证明", "{一}缺收入证明",
	"编号N 缺收入证明", "编号：N，缺收入证明", "编号W缺收入证明", "No.N 缺收入证明", "NO. N 缺收入证明", "№N 缺收入证明", "no N 缺收入证明", "第N号缺收入证明",
	"第 N 号，缺收入证明", "关于N，缺收入证明", "关于N的问题，缺收入证明", "关于编号N的缺收入证明", "[N] 缺收入证明", "【N】缺收入证明", "（N）缺收入证明", "(N)缺收入证明",
	"“N”缺收入证明", "「N」缺收入证明", "《N》缺收入证明", "缺收入证明 N", "缺收入证明N", "缺收入证明（N）", "缺收入证明，编号N", "缺收入证明。W", "请看N，缺收入证明",
	"您的N缺收入证明", "缺收入证明，N那件", "#N 缺收入证明", "＃W 缺收入证明", "#S 缺收入证明", "＃U 缺收入证明", "#S缺收入证明", "缺收入证明 #S", "缺收入证明（#S）",
	"关于#S，缺收入证明", "编号S缺收入证明", "编号 U 缺收入证明", "第S号缺收入证明", "S号那件缺收入证明", "S 缺收入证明", "S，缺收入证明", "S缺收入证明", "U缺收入证明",
	"缺收入证明 S", "缺收入证明S", "关于S，缺收入证明", "（S）缺收入证明", "“S”缺收入证明", "尾号S缺收入证明", "No.S 缺收入证明", "#1 缺收入证明", "编号1的缺收入证明",
	"\u202dN\u202c 缺收入证明", "2\u200b60722-0001 缺收入证明", "N\n缺收入证明", "答复N：缺收入证明", "N\u3000缺收入证明", "诉求号N 缺收入证明", "@N 缺收入证明", "*N* 缺收入证明",
	"工单N缺收入证明", "N/缺收入证明", "缺收入证明\nN", "N号 缺收入证明", "n0.N 缺收入证明", "张三的 N 缺收入证明", "缺收入证明，请补到S", "补充S：缺收入证明",
}

// spelt is a form with the number of a submission.
func spelt(form, number string) string {
	day, last, _ := strings.Cut(number, "-")
	for {
		i, k := strings.Index(form, "{"), strings.Index(form, "}")
		if i < 0 {
			break
		}
		form = form[:i] + day + form[i+1:k] + last + form[k+1:]
	}
	for _, keep := range []string{"No.", "NO.", "no "} { // not the letter of a number
		form = strings.ReplaceAll(form, keep, strings.Map(func(r rune) rune {
			if r == 'N' {
				return '\uE000'
			}
			return r
		}, keep))
	}
	form = strings.NewReplacer("N", number, "W", wide(number), "D", day+last, "V", wide(day+last), "S", last, "U", wide(last)).Replace(form)
	return strings.ReplaceAll(form, "\uE000", "N")
}

// TestChatNeverAnswersAnotherSubmission: a text that names a submission in any way goes to it or is asked back,
// never to the one opened last.
func TestChatNeverAnswersAnotherSubmission(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	went, asked := 0, 0
	stems := []rune("甲乙丙丁戊己庚辛壬癸")
	for i, form := range forms {
		// Each says something else: the same words again would be one push that came twice.
		said := "缺" + string(stems[i/len(stems)]) + string(stems[i%len(stems)]) + "证明"
		words := strings.Replace(strings.Replace(spelt(form, named.Number), "材料缺一份收入证明", said, 1), "缺收入证明", said, 1)
		before := len(b.Load(named.ID).Thread)
		answer := b.LastChatLine(words)
		if got := b.Replies(opened.ID); got != "" {
			t.Fatalf("%q went to another: %q", words, got)
		}
		thread := b.Load(named.ID).Thread
		switch len(thread) - before {
		case 0:
			asked++
			if !strings.Contains(answer, "没有发出") || !strings.Contains(answer, named.Number) {
				t.Errorf("%q is answered %q", words, answer)
			}
		default:
			went++
			if got := thread[before].Text; len(thread) != before+1 || !strings.Contains(got, said) && said != strings.TrimPrefix(got, "，") {
				t.Errorf("%q: said %q", words, got)
			}
		}
	}
	t.Logf("of %d forms %d went to the matter and %d were asked back", len(forms), went, asked)
	if went < len(forms)*3/4 {
		t.Errorf("only %d of %d went where they were meant", went, len(forms))
	}
}

// plain are texts with digits that are no submission's number.
var plain = []string{
	"2000元已经退了", "共退1000元", "退款 1000 元已到账", "￥1000已退", "1,001元已退", "0.001元的误差", "1001块已经给了", "赔偿 10001 元", "费用是1001，已交清",
	"请打13800010001联系", "电话 138 0001 0001", "电话138-0001-0001", "座机0931-8260001", "座机 0931-826-0001", "打 400-820-0001", "打12345反映", "电话：1000100",
	"12月4日开会", "2026年0001月", "2026-07-22 现场查看", "2026/07/22现场查看", "2026.07.22 现场查看", "7月22日下午3点到", "定在10:01开会", "0101室已查看", "3号楼0001室已修好",
	"1单元1001室漏水已修", "1001号楼已修", "2号院已修", "第3号楼的电梯已修", "1001户已通水", "换了1001盏灯", "身份证62010119800101000X已核", "邮编730001", "车牌甘A10001已挪走",
	"限速60，已装标牌", "增加了2个垃圾桶", "百分之80已完工", "完成98%", "5G基站已报批", "经度103.0001已核对", "IP 10.0.0.1 已封", "库存编码12345678已登记", "一共5袋水泥",
}

// TestChatLeavesOtherNumbers: a price, a telephone, a date or a house number is no submission's number; the
// text goes unchanged to the submission opened last.
func TestChatLeavesOtherNumbers(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	for _, words := range plain {
		before := len(b.Load(opened.ID).Thread)
		answer := b.LastChatLine(words)
		thread := b.Load(opened.ID).Thread
		if len(thread) != before+1 || thread[before].Text != words {
			t.Errorf("%q did not go as it is: %q", words, answer)
			continue
		}
		if !strings.Contains(answer, opened.Number) || !strings.Contains(answer, "撤回") {
			t.Errorf("%q is confirmed as %q", words, answer)
		}
	}
	if got := b.Replies(named.ID); got != "" {
		t.Errorf("replied to another: %q", got)
	}
	if len(plain) < 30 || len(forms) < 40 || len(chatter) < 40 {
		t.Errorf("%d, %d and %d texts", len(plain), len(forms), len(chatter))
	}
}

var chatter = []string{
	"收到，谢谢", "好的好的", "[OK]", "/:strong", "怎么用", "👌", "你是机器人吗", "收到", "收到！", "ＯＫ", "ok", "Ok！", "okok", "OK👌", "好的，收到，谢谢您！", "好嘞～", "嗯嗯嗯",
	"[强][强][强]", "/::)", "/:rose/:rose", "谢谢🙏🙏", "辛苦了", "您辛苦了", "明白了，谢谢", "知道了知道了", "没问题👍", "可以的", "1", "666", "？", "???", "。。。", "……", "👍🏻", "❤️",
	"您好", "你好，在吗？", "在么", "有人吗", "早上好！", "哈哈哈哈", "怎么使用", "这个怎么用啊？", "请问怎么回复", "如何撤回", "您是谁", "你是真人吗", "是不是自动回复", "看不懂", "人工客服", "轉人工",
	"謝謝", "Thanks!", "Thank you", "yes", "测试", "测试一下", "帮助", "HELP", "收到\u200b", "\u3000好的\u3000", "好滴[愉快]", "/:,@-D", "客气了？不客气", "[捂脸]", "稍等", "点赞👍",
}

// TestSmallTalkIsNoAnswer, with a number or without.
func TestSmallTalkIsNoAnswer(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	for _, words := range chatter {
		for _, said := range []string{words, named.Number + " " + words, "#0001 " + words} {
			b.LastChatLine(said)
			if got := b.Replies(named.ID) + b.Replies(opened.ID); got != "" {
				t.Fatalf("%q became an answer: %q", said, got)
			}
		}
	}
	for _, words := range []string{"好的，明天上午派人去修", "收到，已转水务局处理", "可以办，请带身份证到站里来", "谢谢反映，路灯已修好", "不是我们管，请打12345", "修好了", "已修", "在查"} {
		before := len(b.Load(opened.ID).Thread)
		if b.LastChatLine(words); len(b.Load(opened.ID).Thread) != before+1 {
			t.Errorf("%q is an answer", words)
		}
	}
}

// TestNoTextReachesAnotherSubmission: words around a number never direct it to another submission.
func TestNoTextReachesAnotherSubmission(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	part := rapid.SampledFrom([]string{"", "已处理", "，", " ", "（", "）", "关于", "第", "号", "编号", "#", "2000元", "电话13800138000，", "。", "12月4日", "\n", "“", "”", "请看", "No.", "A", "-", "3号楼"})
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.SampledFrom([]string{
			named.Number, wide(named.Number), strings.ReplaceAll(named.Number, "-", ""), strings.ReplaceAll(named.Number, "-", "－"), "#0001", "编号0001", "编号零零零一", "＃〇〇〇一", "尾号1，",
		}).Draw(t, "number")
		words := part.Draw(t, "a") + part.Draw(t, "b") + number + rapid.SampledFrom([]string{"", "，", " ", "号", "的"}).Draw(t, "after") + part.Draw(t, "c") + part.Draw(t, "d") + part.Draw(t, "e")
		if rapid.Bool().Draw(t, "short") {
			// In front a short number and a blank are enough, whatever follows.
			short := rapid.SampledFrom([]string{"0001", "０００１", "零零零一", "〇〇〇一", "1", "01", "0 0 0 1", "00 01", "07220001", "7月22日第1件"}).Draw(t, "digits")
			unit := rapid.SampledFrom(append(unitWords, "已处理", "12月4日", "2000元")).Draw(t, "unit")
			words = rapid.SampledFrom([]string{"", "关于", "（", " "}).Draw(t, "opener") + short + rapid.SampledFrom([]string{" ", "\u3000", "\n", "，", "： "}).Draw(t, "blank") + unit + part.Draw(t, "c")
		}
		b.LastChatLine(words)
		if got := b.Replies(opened.ID); got != "" {
			t.Fatalf("%q went to another: %q", words, got)
		}
		if n := len(b.Load(named.ID).Thread); n > 290 {
			t.Skip("the thread is full")
		}
	})
}

// TestTakingBackInTheChat: within a minute, for any answer; the reader sees that it was retracted and none of
// its text.
func TestTakingBackInTheChat(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	filer := b.Visitor(desktest.PhoneOfFiler)
	shown := func() matters.View {
		t.Helper()
		v, err := b.Matters.Get(t.Context(), filer, opened.ID)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if got := b.ChatAnswer(desktest.PhoneOfM01, "撤回"); !strings.Contains(got, "没有可以撤回") {
		t.Errorf("nothing was said yet: %q", got)
	}
	b.ChatAnswer(desktest.PhoneOfM01, "张大爷家的低保已批准")
	if v := shown(); v.Thread[0].Text == "" || v.State != casework.Answered {
		t.Fatalf("answered: %+v", v.Thread)
	}
	b.Clock.Advance(59 * time.Second)
	if got := b.ChatAnswer(desktest.PhoneOfM01, "发错了，撤回！"); !strings.Contains(got, "已撤回对 "+opened.Number) {
		t.Errorf("answered %q", got)
	}
	v := shown()
	if len(v.Thread) != 2 || v.Thread[0].RetractedAt == 0 || v.State != casework.Assigned || strings.Contains(fmt.Sprint(v.Thread), "低保") {
		t.Errorf("the visitor sees %s %+v", v.State, v.Thread)
	}
	if v, err := b.Matters.Get(t.Context(), b.Liaison(), opened.ID); err != nil || v.Thread[0].Text == "" {
		t.Errorf("the liaison sees %+v, %v", v.Thread, err)
	}
	b.ChatAnswer(desktest.PhoneOfM01, named.Number+" 已联系电工")
	b.ChatAnswer(desktest.PhoneOfM01, opened.Number+" 已通知业主")
	for _, words := range []string{"撤 回", "撤回上一条"} { // the newest first
		b.ChatAnswer(desktest.PhoneOfM01, words)
	}
	if got := b.Load(named.ID); got.Thread[0].RetractedAt == 0 || b.Load(opened.ID).Thread[2].RetractedAt == 0 {
		t.Errorf("both were to be taken back: %+v", got.Thread)
	}
	b.ChatAnswer(desktest.PhoneOfM01, opened.Number+" 已通知业主")
	b.Clock.Advance(61 * time.Second)
	if got := b.ChatAnswer(desktest.PhoneOfM01, "撤回"); !strings.Contains(got, "没有可以撤回") || b.Load(opened.ID).State != casework.Answered {
		t.Errorf("after a minute: %q", got)
	}
	if got := b.ChatAnswer(desktest.PhoneOfM01, "已撤回违建许可"); !strings.Contains(got, "已答复") && !strings.Contains(got, "不能确定") {
		t.Errorf("an answer about taking back: %q", got)
	}
}

// TestNoticeOfWhatWasTakenBack is not sent any more.
func TestNoticeOfWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	b, _, opened := inHand(t)
	b.ChatAnswer(desktest.PhoneOfM01, "已通知业主")
	b.ChatAnswer(desktest.PhoneOfM01, "撤回")
	entries, err := b.Store.Lease(t.Context(), desktest.Here, b.Clock.Now().Add(time.Hour), time.Second, 100)
	if err != nil {
		t.Fatal(err)
	}
	stale, s := 0, b.Load(opened.ID)
	for _, e := range entries {
		if e.Submission == opened.ID && e.Person != "" && e.Stale(s) {
			stale++
		}
	}
	if stale != 1 {
		t.Errorf("%d notices are stale of %+v", stale, entries)
	}
}

// TestTakingBackThroughTheInterface needs the version that the caller saw, and is offered to the author as long
// as it is possible.
func TestTakingBackThroughTheInterface(t *testing.T) {
	t.Parallel()
	b, named, _ := inHand(t)
	m := b.Member("m01")
	offered := func() int {
		t.Helper()
		return desktest.Must1(b.Matters.Get(t.Context(), m, named.ID))(t).TakeBackLeft
	}
	desktest.Same(t, "before", offered(), 0)
	b.Act(m, named.ID, casework.Reply{Text: "已联系电工"})
	desktest.Same(t, "at once", offered(), casework.TakeBackSeconds)
	desktest.Same(t, "the liaison", desktest.Must1(b.Matters.Get(t.Context(), b.Liaison(), named.ID))(t).TakeBackLeft, 0)
	b.Clock.Advance(59500 * time.Millisecond)
	desktest.Same(t, "in the last second", offered(), 1)
	b.Act(m, named.ID, casework.TakeBack{})
	if s := b.Load(named.ID); s.State != casework.Assigned || s.Thread[0].RetractedAt == 0 {
		t.Errorf("%s %+v", s.State, s.Thread)
	}
	desktest.Same(t, "taken back", offered(), 0)
	b.Act(m, named.ID, casework.Reply{Text: "已联系电工，明天来修"})
	b.Clock.Advance(time.Minute + time.Millisecond)
	desktest.Same(t, "too late", offered(), 0)
}
