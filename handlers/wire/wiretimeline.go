package wire

import (
	"strconv"
	"strings"
	"time"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
)

// Event is one step in a submission's timeline.
type Event struct {
	At   time.Time     `json:"at"`
	What access.Action `json:"what" enum:"file,accept,ask,reply,transfer,return,release,close,messages,withdraw,rate,reopen,assign,attend,cover,resume,extend,recount,merge,split,gather,ungather,assist,contribute,decline,recall,fulfil,promise,takeback,phone,askcall,followup,takeover,leave,correct,erase"`
	By   Actor         `json:"by"`
	Text string        `json:"text,omitempty" doc:"What was said: an answer, a question, a reason. The reason of a transfer or assignment is left out for the visitor."`
	Note string        `json:"note,omitempty" doc:"What the visitor was told of a transfer or assignment."`
	// Photos are upload ids.
	Photos  []string         `json:"photos,omitempty" nullable:"false"`
	To      *Receiver        `json:"to,omitempty" doc:"The member it went to, or the member or department asked to assist."`
	Parts   []Part           `json:"parts,omitempty" nullable:"false" doc:"Of a joint answer: who took part, with what they said where it is quoted."`
	Outcome casework.Outcome `json:"outcome,omitempty"`
	Reason  string           `json:"reason,omitempty" doc:"For members and staff: why it was closed as invalid."`
	ByProxy bool             `json:"by_proxy,omitempty" doc:"Of a visitor's words: who filed it for them wrote these."`
	Taken   bool             `json:"taken,omitempty" doc:"Who gave this answer took it back; only a liaison sees what it said."`
	// Sentence describes the step in plain Chinese, for reading aloud.
	Sentence string `json:"sentence" doc:"The step in plain Chinese, to be read aloud."`
}

// Actor is who did something. Visitors have no name.
type Actor struct {
	Role access.Role `json:"role" enum:"visitor,member,liaison,department,admin,system"`
	Name string      `json:"name,omitempty"`
}

// Receiver is the member to whom a submission was handed.
type Receiver struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Sentences returns the visible thread in sentences, with times.
func Sentences(v *matters.View) []string {
	list := []string{at(v.FiledAt) + "　" + filedSentence(v)}
	for _, e := range v.Thread {
		list = append(list, at(e.At)+"　"+sentence(v, e))
	}
	return list
}

func at(m casework.Millis) string { return m.Time().Format("2006-01-02 15:04") }

func timelineOf(v *matters.View) []Event {
	list := make([]Event, 0, len(v.Thread)+1)
	list = append(list, Event{
		At: v.FiledAt.Time(), What: casework.File, By: Actor{Role: access.Visitor},
		Text: v.Text, Photos: v.Photos, Sentence: filedSentence(v),
	})
	for _, e := range v.Thread {
		event := Event{
			At: e.At.Time(), What: e.What, By: Actor{Role: e.By.Role, Name: e.By.Name},
			Text: e.Text, Note: e.Note, Photos: e.Photos, Outcome: e.Outcome, Reason: e.Reason, Parts: shares(e.Parts), ByProxy: e.Proxy, Taken: e.RetractedAt != 0, Sentence: sentence(v, e),
		}
		if e.To != "" {
			event.To = &Receiver{ID: e.To, Name: e.ToName}
		}
		list = append(list, event)
	}
	return list
}

// filedSentence describes the filing.
func filedSentence(v *matters.View) string {
	said := v.Text
	if said == "" {
		said = "（语音）"
	}
	return v.Visitor.Chinese() + "提交了" + v.Kind.Chinese() + "：" + said + pictures(v.Photos)
}

// actPhrases describes an act in the middle of a sentence.
var actPhrases = map[access.Action]string{
	access.Accept:         "已受理，正在办理",
	access.Ask:            "请您补充",
	access.Reply:          "答复",
	access.Return:         "退回，请联络员重新分派",
	casework.Released:     "收回，请联络员重新分派",
	access.Message:        "补充",
	access.Withdraw:       "撤回了这件诉求",
	access.Rate:           "作了评价",
	access.Reopen:         "要求重新办理",
	access.HandleDanger:   "处理险情",
	access.Merge:          "把这件诉求与反映同一问题的一件一起办理",
	access.Split:          "把这件诉求拆出来单独办理",
	casework.AddFollower:  "并入了另一件反映同一问题的诉求",
	casework.DropFollower: "拆出了一件并入的诉求",
	casework.Recounted:    "按公布的放假安排重新计算了办理期限",

	casework.TakeOver: "接手办理这件诉求",
	access.Leave:      "不再让代提交的人跟着看",
	casework.Correct:  "改了联系电话",
	casework.Erase:    "应本人要求删除了内容",

	access.Contribute: "答复协办",
	access.Decline:    "不能协办",
	access.Recall:     "撤回协办",
	access.TakeBack:   "撤回了一条答复",

	access.Fulfil: "落实了约定的事项",

	access.Reveal:  "查看了您留的电话，准备打给您",
	access.AskCall: "请联络员给群众打电话",
}

// sentence describes one step: who, what, and what was said.
func sentence(v *matters.View, e casework.Entry) string {
	what := actPhrases[e.What]
	switch e.What {
	case access.Close:
		what = "办结，结果是" + e.Outcome.Chinese()
		if e.Outcome == casework.Invalid {
			what = "结束了这件，没有作为诉求办理"
		}
		if e.Due != 0 {
			what += "，约定" + e.Due.Time().Format("2006年1月2日") + "前落实"
		}
	case access.Promise:
		what = "把落实的日期改为" + e.Due.Time().Format("2006年1月2日")
	case access.Transfer:
		what = "转给" + e.ToName + "委员办理"
	case access.Extend:
		what = "延期 " + strconv.Itoa(e.Days) + " 个工作日"
	case casework.Covered:
		what = "请" + e.ToName + "委员代为办理"
	case casework.Resumed:
		what = "交回" + e.ToName + "委员办理"
	case access.Assist:
		what = "请" + e.ToName + "协办"
	case access.Leave:
		if e.Proxy {
			what = "不再跟着看"
		}
	case access.Assign:
		what = "指派给" + e.ToName + "委员办理"
	}
	if e.FollowUp != "" {
		what = "回访：" + e.FollowUp.Chinese()
	}
	if e.RetractedAt != 0 {
		what += "（已撤回）"
	}
	if e.Rating != nil && v.As != access.Department {
		what += "（" + e.Rating.Chinese() + "）"
	}
	s := who(v, e.By) + what
	if e.Proxy {
		s = "代" + v.Visitor.Chinese() + "提交的人" + what
	}
	switch {
	case e.Text != "" && e.Note != "":
		s += "：" + e.Text + "（告诉群众：" + e.Note + "）"
	case e.Text+e.Note != "":
		s += "：" + e.Text + e.Note
	}
	if e.Reason != "" {
		s += "（原因：" + e.Reason + "）"
	}
	return s + pictures(e.Photos) + jointly(e.Parts)
}

func who(v *matters.View, a casework.Actor) string {
	switch a.Role {
	case access.Visitor:
		return v.Visitor.Chinese()
	case access.Member:
		return a.Name + "委员"
	case access.Liaison:
		return "联络员"
	case access.System:
		return "系统"
	default:
		return a.Name
	}
}

func pictures(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return "（附照片" + digits[min(len(ids), len(digits)-1)] + "张）"
}

// digits are the words for a number of photos.
var digits = strings.Split("零 一 两 三 四 五 六 七 八 九", " ")
