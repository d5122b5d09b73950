package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/domain/fault"
)

func TestCodeOf(t *testing.T) {
	t.Parallel()
	gone := fault.New(fault.NotFound, "没有找到")
	for name, c := range map[string]struct {
		err  error
		want fault.Code
	}{
		"none":        {nil, ""},
		"fault":       {gone, fault.NotFound},
		"wrapped":     {fmt.Errorf("read: %w", fmt.Errorf("deep: %w", gone)), fault.NotFound},
		"joined":      {errors.Join(io.EOF, gone), fault.NotFound},
		"no code":     {io.EOF, fault.Internal},
		"outer first": {fault.Wrap(gone, fault.Unavailable, "稍后再试"), fault.Unavailable},
		"check":       {(&fault.Check{}).Err(), ""},
	} {
		if got := fault.CodeOf(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if c.err != nil && !fault.Is(c.err, c.want) {
			t.Errorf("%s: Is says no", name)
		}
	}
	if fault.Is(nil, fault.Internal) {
		t.Error("nil is an internal fault")
	}
}

func TestWrapKeepsTheCause(t *testing.T) {
	t.Parallel()
	err := fault.Wrap(io.ErrUnexpectedEOF, fault.Unavailable, "第 %d 次失败", 3)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	if err.Message != "第 3 次失败" {
		t.Errorf("message %q", err.Message)
	}
	if got := err.Error(); got != "unavailable: 第 3 次失败: unexpected EOF" {
		t.Errorf("log text %q", got)
	}
	if got := fault.New(fault.Denied, "不行").Error(); got != "denied: 不行" {
		t.Errorf("log text %q", got)
	}
}

func TestMessagesMayHoldPercentSigns(t *testing.T) {
	t.Parallel()
	if got := fault.New(fault.Invalid, "满意率 100%").Message; got != "满意率 100%" {
		t.Error(got)
	}
	if got := fault.New(fault.Invalid, "%s", "满意率 100%").Message; got != "满意率 100%" {
		t.Error(got)
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	err := fault.New(fault.TooMany, "请稍后").Retry(time.Minute)
	if err.RetryAfter != time.Minute || err.Code != fault.TooMany {
		t.Errorf("%+v", err)
	}
}

func TestCheckNamesEveryField(t *testing.T) {
	t.Parallel()
	var c fault.Check
	c.Require(true, "kind", "不会出现")
	if err := c.Err(); err != nil {
		t.Fatalf("nothing is wrong, but %v", err)
	}
	c.Require(false, "text", "最多 %d 字", 2000)
	c.Require(true, "photos", "不会出现")
	c.Require(false, "contact.phone", "号码 100% 有误")
	err, ok := errors.AsType[*fault.Error](c.Err())
	if !ok || err.Code != fault.Invalid {
		t.Fatalf("got %v", c.Err())
	}
	want := []fault.Field{{Field: "text", Message: "最多 2000 字"}, {Field: "contact.phone", Message: "号码 100% 有误"}}
	if diff := cmp.Diff(want, err.Fields); diff != "" {
		t.Error(diff)
	}
	if err.Message != "填写有误：最多 2000 字" {
		t.Errorf("message %q", err.Message)
	}
}

func TestErrOfNothingIsNilInterface(t *testing.T) {
	t.Parallel()
	var c fault.Check
	if err := c.Err(); err != nil {
		t.Errorf("a typed nil: %#v", err)
	}
}

func TestMessage(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"":    nil,
		"断线了": fmt.Errorf("load: %w", fault.Wrap(errors.New("EOF"), fault.Unavailable, "断线了")),
		"EOF": errors.New("EOF"),
	} {
		if got := fault.Message(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
