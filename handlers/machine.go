package handlers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/domain/fault"
)

// maxPush is more than any push of the platform.
const maxPush = 64 << 10

// addMachine registers what the platform and an operator's tools call. None of
// it is bound by address: the platform calls from few addresses, and its
// signature is what lets it in.
func (f *Face) addMachine(e *gin.Engine) {
	e.GET("/wechat/push", f.pushCheck)
	e.POST("/wechat/push", f.push)
	e.GET("/check/:token", f.peek)
	for _, method := range []string{http.MethodGet, http.MethodHead} { // monitors ask either way
		e.Handle(method, "/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, Liveness{"ok"}) })
		e.Handle(method, "/readyz", f.ready)
	}
	if f.o.MetricsHere {
		e.GET(MetricsPath, gin.WrapH(f.metrics.Handler()))
	}
	e.GET("/openapi.json", f.openapi)
	if f.o.Emulator != nil {
		e.Any("/_emulator/*path", gin.WrapH(f.o.Emulator))
	}
}

func (f *Face) openapi(c *gin.Context) { c.Data(http.StatusOK, "application/json", f.OpenAPI()) }

// readyFor is how long an answer about readiness stands: each costs a synced
// write, and anybody may ask.
const readyFor = time.Second

func (f *Face) ready(c *gin.Context) {
	disk, _ := f.o.Disk()
	if err := f.readiness(c.Request.Context()); err != nil {
		message := "系统正在准备，请稍后再试"
		if disk == DiskFull {
			message = "服务器的磁盘已满，请管理员清理或扩容；腾出空间后会自己恢复"
		}
		f.refuse(c, fault.Wrap(err, fault.Unavailable, "%s", message))
		return
	}
	c.JSON(http.StatusOK, Readiness{"ready", disk.String()})
}

func (f *Face) readiness(ctx context.Context) error {
	f.readyMu.Lock()
	defer f.readyMu.Unlock()
	if now := f.now(); f.readyAt.IsZero() || now.Sub(f.readyAt) >= readyFor {
		f.readyErr, f.readyAt = f.o.Ready(context.WithoutCancel(ctx)), now
	}
	return f.readyErr
}

var errNoPush = fault.New(fault.Denied, "没有配置消息推送")

func (f *Face) pushCheck(c *gin.Context) {
	if f.o.Push == nil {
		f.refuse(c, errNoPush)
		return
	}
	echo, err := f.o.Push.Echo(c.Request.URL.Query())
	if err != nil {
		f.refuse(c, err)
		return
	}
	c.String(http.StatusOK, "%s", echo)
}

// push keeps what arrived and answers at once; it is worked on afterwards. The
// platform sends again what was not answered with success.
func (f *Face) push(c *gin.Context) {
	if f.o.Push == nil {
		f.refuse(c, errNoPush)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxPush))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		f.refuse(c, newProblem(codeTooLarge, "推送内容过长"))
		return
	}
	if err != nil {
		f.refuse(c, newProblem(codeMalformed, unread))
		return
	}
	list, err := f.o.Push.Open(c.Request.URL.Query(), body)
	// What could not be kept comes before what could not be read: the platform is to
	// send it again.
	if err = errors.Join(f.desk.Inbound.Arrive(c.Request.Context(), list), err); err != nil {
		f.refuse(c, err)
		return
	}
	c.String(http.StatusOK, "success")
}
