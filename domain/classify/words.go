package classify

import (
	"slices"
	"strings"
	"unicode/utf8"

	"mashang/domain/fold"
)

// Words lists typical words of labels. It serves while a station has too few examples to learn from.
type Words map[string][]string

// maxHits is how often a word counts in one text at most.
const maxHits = 3

// Suggester suggests labels by a list of words. It is made once for many texts.
type Suggester struct {
	labels []string
	index  *index
}

// Suggester returns a Suggester for the labels.
func (w Words) Suggester(labels []string) *Suggester { return &Suggester{labels, w.index(labels)} }

// Suggest returns the labels whose words occur, the strongest first, with their share; nil if none does. A
// result of the word list is never certain.
func (s *Suggester) Suggest(title, text string) []Guess {
	shares := s.index.shares(title, text)
	if shares == nil {
		return nil
	}
	return slices.DeleteFunc(ranked(s.labels, shares), func(g Guess) bool { return g.P == 0 })
}

// index finds words by their first character.
type index struct {
	classes int
	first   map[rune][]entry
}

type entry struct {
	word   string
	weight float64 // its length in characters
	class  int
}

func (w Words) index(labels []string) *index {
	if len(w) == 0 {
		return nil
	}
	x := &index{len(labels), map[rune][]entry{}}
	for i, l := range labels {
		for _, word := range w[l] {
			if word = fold.Key(word); word != "" {
				r, _ := utf8.DecodeRuneInString(word)
				x.first[r] = append(x.first[r], entry{word, float64(utf8.RuneCountInString(word)), i})
			}
		}
	}
	return x
}

// shares returns each label's share of the hits, weighted by the words' lengths; nil without hits.
func (x *index) shares(title, text string) []float64 {
	if x == nil {
		return nil
	}
	shares, sum := make([]float64, x.classes), 0.0
	hits := map[entry]int{}
	for _, part := range [2]string{title, firstRunes(text, maxRunes)} {
		part = fold.Key(part)
		for at, r := range part {
			for _, e := range x.first[r] {
				if strings.HasPrefix(part[at:], e.word) && hits[e] < maxHits {
					hits[e]++
					shares[e.class] += e.weight
					sum += e.weight
				}
			}
		}
	}
	if sum == 0 {
		return nil
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares
}

// theme is a common subject of categories: words of a category's name, and words of texts about it.
type theme struct{ names, words string }

// themes are the product's word list, written from what committees' stations and hotlines receive. It names
// nobody.
var themes = []theme{
	{"旅游 文旅 景区 游客", "景区 景点 门票 游客 旅游 导游 旅行社 跟团 团费 游船 码头 观光车 民宿 农家乐 讲解 停车场乱收费 宰客 强制消费 购物店 退票 排队 缆车 索道 漂流 露营 酒店 客栈 住宿 押金"},
	{"市场 消费 物价 商贸 收费", "价格 涨价 乱收费 多收 收费 缺斤少两 秤 发票 小票 退款 退货 假货 假冒 过期 变质 商家 店家 超市 集市 菜市场 农贸市场 摊位 商铺 快递 网购 预付卡 会员卡 消费 欺诈 虚假宣传 传销 保健品 电梯维保"},
	{"卫生 医疗 看病 就医 健康 卫健", "医院 卫生院 卫生室 医生 护士 看病 挂号 门诊 住院 手术 药 药品 药店 疫苗 接种 体检 医保 报销 新农合 合作医疗 救护车 急诊 慢性病 残疾证 产检 计划生育 二胎 生育 传染病 养老院 康复 护理"},
	{"教育 学校 上学 文体", "学校 小学 中学 高中 初中 幼儿园 大学 老师 教师 学生 孩子上学 入学 学区 转学 学费 补课 培训班 辅导班 校车 食堂 作业 考试 高考 中考 招生 学籍 助学金 奖学金 职称 图书馆 文化站 广场舞 体育 篮球场 健身"},
	{"交通 道路 出行 运输", "公交 班车 客车 出租车 网约车 滴滴 司机 车站 地铁 火车 高铁 站台 候车 绕路 拒载 超载 道路 公路 修路 路面 坑洼 坑坑洼洼 红绿灯 斑马线 限速 违停 停车 停车位 堵车 交通 驾校 驾照 年检 罚单 加油站 渡口 桥 护栏"},
	{"环境 环保 生态 污染 卫生整治", "污染 污水 排污 臭味 异味 恶臭 噪音 噪声 扰民 粉尘 扬尘 灰尘 黑烟 废气 油烟 垃圾 垃圾站 焚烧 养殖场 养猪场 河道 水质 水源 化工厂 搅拌站 采砂 采石场 砍树 绿化 环保 辐射 环评"},
	{"住房 城建 建设 规划 物业 房", "小区 物业 物业费 业主 业委会 房子 住房 房产证 开发商 交房 烂尾 楼盘 装修 漏水 电梯 加装电梯 拆迁 征收 安置 安置房 回迁 公租房 廉租房 危房 棚改 旧改 违建 违章建筑 施工 工地 规划 供暖 暖气 停水 停电 自来水 水压 下水道 路灯 公厕 井盖 燃气 天然气 广告牌 公积金"},
	{"劳动 就业 社保 人社 工资", "工资 欠薪 拖欠 农民工 讨薪 打工 加班 劳动合同 辞退 开除 裁员 赔偿金 工伤 社保 养老保险 养老金 退休 退休金 失业 失业金 医保断缴 公积金不缴 招聘 就业 创业 培训补贴 事业编 编制 劳动仲裁 试用期 病假 产假"},
	{"农业 农村 三农 水利 土地", "土地 承包地 流转 宅基地 耕地 种地 庄稼 苹果 玉米 小麦 灌溉 浇水 水渠 机井 农药 化肥 种子 农机 合作社 大棚 养殖 牛羊 粮食 补贴 粮补 退耕还林 林地 山林 村集体 征地 青苗费 高标准农田"},
	{"民政 救助 低保 养老 民生", "低保 五保 特困 救助 困难 残疾 孤儿 留守 老人 独居 空巢 养老 敬老院 高龄补贴 临时救助 慈善 丧葬 殡葬 公墓 结婚登记 抚恤 优抚 退役军人"},
	{"法律 法治 治安 司法 纠纷 调解", "纠纷 打架 邻居 邻里 借钱 欠钱 欠款 合同 官司 法院 律师 法律援助 调解 起诉 判决 执行 离婚 抚养 赡养 遗产 派出所 报警 诈骗 盗窃 治安 户口 身份证"},
	{"经济 企业 营商 工商", "企业 公司 工厂 营业执照 注册 税 税务 贷款 银行 利息 融资 招商 项目 审批 开店 个体户 营商 补助资金 用电 用地"},
	{"民族 宗教", "寺 寺院 清真寺 教堂 宗教 信教 斋 清真 民族 少数民族"},
	{"科技 通信 网络", "网络 宽带 信号 手机信号 基站 电信 移动 联通 话费 流量 软件 系统 网站 小程序 数据"},
}

// ThemeWords returns the product's words for a category with this name: those of all themes that match the
// name.
func ThemeWords(name string) []string {
	var list []string
	for _, t := range themes {
		if slices.ContainsFunc(strings.Fields(t.names), func(n string) bool { return strings.Contains(name, n) }) {
			for w := range strings.FieldsSeq(t.words) {
				if !slices.Contains(list, w) {
					list = append(list, w)
				}
			}
		}
	}
	return list
}
