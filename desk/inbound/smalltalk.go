package inbound

import (
	"regexp"
	"strings"
	"unicode"

	"mashang/domain/fold"
)

// Small talk may be meant for whoever runs the chat as well as for a visitor. It is never taken for an official
// answer.

// smallWords are folded words of small talk.
var smallWords = wordSet(`
		收到 收到了 已收到 收悉 已阅 阅 好 好的 好滴 好哒 好嘞 好吧 好呀 好啊 好了 嗯 嗯嗯 哦 噢 喔 哈 哈哈 呵呵 嘿嘿 啊 呀 哎 唉 额 呃
		是 是的 是啊 是吗 对 对的 对啊 行 行吧 行的 可以 可以的 没问题 没事 没关系 客气 客气了 不客气 不用谢 知道 知道了 明白 明白了 清楚 清楚了
		了解 了解了 懂了 同意 您好 你好 你好呀 早 早上好 上午好 中午好 下午好 晚上好 晚安 在 在吗 在么 在不 在不在 有人 有人吗 有人在吗 喂
		谢谢 谢谢您 谢谢你 谢了 多谢 感谢 非常感谢 辛苦 辛苦了 辛苦您了 麻烦了 麻烦您了 打扰了 拜托 再见 拜拜 回头见 稍等 等等 等一下 请稍等
		赞 棒 点赞 厉害 牛 加油 哇 测试 测试一下 试试 试一下 帮助 菜单 客服 人工 转人工 人工客服 机器人 老师 同志 领导 大家 各位 您 你 了 的 哈 啦 嘛 哟 呢 吧 吗 也 都 很 太 请
		ok okay okk oks k kk yes no y hi hello hey thx thanks thank you bye help test tks 3q ths haha good`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

const maxSmallWord = 6

var (
	// stickers are WeChat's text forms of emoticons: [OK], [强], /:strong, /::).
	stickers = regexp.MustCompile(`\[[\p{Han}a-z!' ]{1,12}\]|/:[-a-z0-9:~&'"@!<>()*$#+.,|?;=_^]+`)
	// questions match questions about the chat itself.
	questions = regexp.MustCompile(`^(?:请问|想问下?|问一下|那|这个?|这里|这边|小程序|客服|你们?|您|我)*(?:` +
		`(?:怎么|咋|如何|怎样)(?:使?用|回复|答复|回|发送?|操作|弄|搞|办理?|撤回|填写?|看|查看?|登录|绑定|才能回复)` +
		`|(?:是|不是|是不是|真是)?(?:机器人|真人|人工|人|ai|自动回复)` +
		`|(?:是|叫)(?:谁|哪位|什么)|(?:是)?什么意思|看不懂|不会用|不会弄|能做什么|有什么用|干什么用|干嘛的|干啥的|是干什么的)(?:的|了|啊|呀|呢|吗|么|吧|嘛)*$`)
)

// isSmallTalk reports whether nothing is left of a text without signs, stickers, small words and questions
// about the chat.
func isSmallTalk(text string) bool {
	key := stickers.ReplaceAllString(fold.Key(text), " ")
	var words []string
	for w := range strings.FieldsFuncSeq(key, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		words = append(words, w)
	}
	for _, w := range words {
		if !isSmallWord(w) && !questions.MatchString(w) {
			return questions.MatchString(strings.Join(words, ""))
		}
	}
	return true
}

// isSmallWord reports whether a run of letters consists of small words only, or is digits too short to mean
// anything.
func isSmallWord(w string) bool {
	r := []rune(w)
	if len(r) < 4 && strings.Trim(w, "0123456789") == "" {
		return true
	}
	ends := make([]bool, len(r)+1)
	ends[0] = true
	for i := 1; i <= len(r); i++ {
		for n := 1; n <= min(maxSmallWord, i) && !ends[i]; n++ {
			ends[i] = ends[i-n] && smallWords[string(r[i-n:i])]
		}
	}
	return ends[len(r)]
}
