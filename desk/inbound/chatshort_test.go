package inbound_test

import (
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/station"
)

// unitWords may begin an answer or end a quantity or a place.
var unitWords = []string{
	"楼道灯已修好", "室内线路已查", "房屋已鉴定", "层面上已协调", "座谈会已开", "年底前完工", "月底前完工", "日前已修好", "户主已联系", "元旦前完工", "分管领导已批",
	"点位已查看", "路灯已修好", "天黑前修好", "人已派出", "件已转办", "号召居民清扫", "号楼道灯已修", "栋长已通知", "单元门已修", "万家社区已派人", "次日上门",
}

// TestUnitsBehindANumber: "number, blank, answer" is for that submission whatever the answer begins with.
func TestUnitsBehindANumber(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	for i, form := range []string{"0001 ", "#0001 ", "编号0001 ", "关于0001 ", "第0001号 ", "０００１　", "0001\n", "0001号 ", "(0001) ", "No.0001 ", "尾号0001 ", "单号：0001 "} {
		for _, words := range unitWords {
			// The same words again would be one push that came twice.
			words += string([]rune("甲乙丙丁戊己庚辛壬癸子丑")[i])
			before := len(b.Load(named.ID).Thread)
			b.LastChatLine(form + words)
			if got := b.Replies(opened.ID); got != "" {
				t.Fatalf("%q went to another: %q", form+words, got)
			}
			thread := b.Load(named.ID).Thread
			if len(thread) != before+1 || thread[before].Text != words {
				t.Errorf("%q was not said to the matter it names", form+words)
			}
			if len(thread) > 280 {
				t.Fatal("the thread is full")
			}
		}
	}
}

// halves are incomplete ways to name the submission 260722-0001.
var halves = []string{
	"1 已处理", "1：已处理", "1，已处理", "01 已处理", "001 已处理", "关于1，已处理", "关于1已处理", "第1件已处理", "请看260722-1已处理", "260722·1已处理", "260722-01 已处理", "260722 1 已处理",
	"7月22日第1件已处理", "07月22日第0001号已处理", "7月22日1号已处理", "编号零零零一 已处理", "编号〇〇〇一，已处理", "零零零一 已处理", "零零零一已处理", "请看零零零一已处理", "编号〇一 已处理",
	"二六〇七二二零零零一已处理", "00 01 已处理", "0 0 0 1 已处理", "请看0 0 0 1已处理", "00-01 已处理", "07220001 已处理", "07220001已处理", "请看07220001已处理", "26-07-22-0001 已处理",
	"20260722-0001 已处理", "202607220001已处理", "20260722-1 已处理", "2 6 0 7 2 2 0 0 0 1 已处理", "补充1：已处理", "（1）已处理", "1", "关于0001房屋已鉴定", "0001房屋已鉴定",
	"0722-1 已处理", "7.22-1 已处理", "7/22 1 已处理", "请看7-22 0001已处理", "2026-07-22-1 已处理", "2026年7月22日第1件已处理", "2607221 已处理", "202607221 已处理", "20260722001 已处理", "1那件已处理",
	"1和2已处理", "已处理，1", "已处理 1", "已处理（1）", "给1的答复：已处理", "回1，已处理", "@1 已处理", "1# 已处理", "1号 已处理", "序号1 已处理", "后两位01 已处理", "OO01 已处理", "0O01已处理", "oool 已处理",
}

// TestHalvesAreAskedBack: an incomplete number selects its submission or is asked back, never the one opened
// last.
func TestHalvesAreAskedBack(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	for _, words := range halves {
		before := len(b.Load(named.ID).Thread)
		answer := b.LastChatLine(words)
		if got := b.Replies(opened.ID); got != "" {
			t.Fatalf("%q went to another: %q", words, got)
		}
		asked := strings.Contains(answer, "没有发出") && strings.Contains(answer, named.Number)
		if went := len(b.Load(named.ID).Thread) > before || strings.Contains(answer, "已答复 "+named.Number); !asked && !went {
			t.Errorf("%q is answered %q", words, answer)
		}
	}
}

// TestSmallNumbersThatAreNone: quantities, times, places and lists with the digits of a submission's number are
// not taken for it.
func TestSmallNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	b, named, opened := inHand(t)
	for _, words := range []string{
		"1元已退", "1号楼已修", "1月1日上午开会", "1点到现场", "1.5元已退", "1-2天内修好", "1、换灯泡；2、查线路", "(1)身份证；(2)户口本", "缺两样：（1）身份证（2）户口本", "第1次上门没人", "第一时间已处理",
		"关于1号楼的电梯，已修", "一个月内完工", "第一件事是查线路", "2026年1月1日开通", "1:30到", "共1户", "7月22日1件已办", "二〇〇一年建的房", "1单元已修", "13800010001已联系", "换了1盏灯", "1%的误差", "补充1张照片",
		"1#楼已查看", "共计1", "1日前完成", "1至15日施工", "1-1号楼已修", "退给1户", "7.22米的杆已换", "油费1元", "lili已联系", "国发〔2026〕1号文件", "1号上午开会",
	} {
		before := len(b.Load(opened.ID).Thread)
		answer := b.LastChatLine(words)
		if thread := b.Load(opened.ID).Thread; len(thread) != before+1 || thread[before].Text != words {
			t.Errorf("%q did not go as it is: %q", words, answer)
		}
	}
	if got := b.Replies(named.ID); got != "" {
		t.Errorf("replied to another: %q", got)
	}
}

// TestOneNumberAtTwoStations is asked back by the stations' names.
func TestOneNumberAtTwoStations(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	filer := b.Visitor(desktest.PhoneOfFiler)
	first := b.File(filer, b.Key(station.ForMember, "m01"))
	second := b.File(filer, b.KeyIn(desktest.There, station.ForMember, "m01"))
	if first.Number != second.Number {
		t.Fatalf("%s and %s", first.Number, second.Number)
	}
	for _, form := range []string{first.Number + " 还在漏水", "#0001 还在漏水", "还在漏水 " + first.Number} {
		got := b.ChatAnswer(desktest.PhoneOfFiler, form)
		for _, id := range []string{desktest.Here, desktest.There} {
			st, err := b.Store.Station(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got, st.Name) || !strings.Contains(got, "没有发出") {
				t.Errorf("%q is answered %q", form, got)
			}
		}
	}
	if got := b.Messages(first.ID) + b.Messages(second.ID); got != "" {
		t.Errorf("guessed: %q", got)
	}
}

// TestMembersNumberIsAnothersToo: a member's own submission elsewhere has the number of an assigned one.
func TestMembersNumberIsAnothersToo(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m := b.Member("m02")
	b.Clock.Advance(time.Minute)
	inHand := b.File(b.Visitor(desktest.PhoneOfFiler), b.Key(station.ForMember, "m02"))
	own := b.File(m, b.KeyIn(desktest.There, station.ForMember, "m01"))
	if own.Number != inHand.Number {
		t.Fatalf("%s and %s", own.Number, inHand.Number)
	}
	for _, words := range []string{own.Number + " 在桥头", "#0001 在桥头"} {
		if got := b.ChatAnswer(desktest.OpenidOf(desktest.Here, access.Member, "m02"), words); !strings.Contains(got, "没有发出") {
			t.Errorf("%q is answered %q", words, got)
		}
	}
	if got := b.Replies(inHand.ID) + b.Messages(own.ID); got != "" {
		t.Errorf("guessed: %q", got)
	}
}
