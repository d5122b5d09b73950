package pages

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mashang/domain/fault"
	"mashang/handlers/web"
)

// maxPush is above the size of any push of the platform.
const maxPush = 64 << 10

// addMachine registers the routes of the platform and of an operator's tools. They have no limit by address:
// the platform calls from few addresses and is admitted by its signature.
func (rt *routes) addMachine(e *gin.Engine) {
	e.GET("/wechat/push", rt.pushCheck)
	e.POST("/wechat/push", rt.push)
	e.GET("/check/:token", rt.showPhotoToPlatform)
	for _, method := range []string{http.MethodGet, http.MethodHead} { // monitors use either
		e.Handle(method, "/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, web.Liveness{Status: "ok"}) })
		e.Handle(method, "/readyz", rt.ready)
	}
	if rt.api.Options.MetricsHere {
		e.GET(web.MetricsPath, gin.WrapH(rt.api.Metrics.Handler()))
	}
	e.GET("/openapi.json", rt.openapi)
	if rt.api.Options.Emulator != nil {
		e.Any("/_emulator/*path", gin.WrapH(rt.api.Options.Emulator))
	}
}

func (rt *routes) openapi(c *gin.Context) {
	c.Data(http.StatusOK, "application/json", rt.api.OpenAPI())
}

// readyFor is how long an answer about readiness is cached: each check costs a synced write, and anyone may
// ask.
const readyFor = time.Second

func (rt *routes) ready(c *gin.Context) {
	disk, _ := rt.api.Options.Disk()
	if err := rt.readiness(c.Request.Context()); err != nil {
		message := "系统正在准备，请稍后再试"
		if disk == web.DiskFull {
			message = "服务器的磁盘已满，请管理员清理或扩容；腾出空间后会自己恢复"
		}
		rt.api.Refuse(c, fault.Wrap(err, fault.Unavailable, "%s", message))
		return
	}
	c.JSON(http.StatusOK, web.Readiness{Status: "ready", Disk: disk.String()})
}

func (rt *routes) readiness(ctx context.Context) error {
	rt.readyMu.Lock()
	defer rt.readyMu.Unlock()
	if now := rt.api.Now(); rt.readyAt.IsZero() || now.Sub(rt.readyAt) >= readyFor {
		rt.readyErr, rt.readyAt = rt.api.Options.Ready(context.WithoutCancel(ctx)), now
	}
	return rt.readyErr
}

var errNoPush = fault.New(fault.Denied, "没有配置消息推送")

func (rt *routes) pushCheck(c *gin.Context) {
	if rt.api.Options.Push == nil {
		rt.api.Refuse(c, errNoPush)
		return
	}
	echo, err := rt.api.Options.Push.Echo(c.Request.URL.Query())
	if err != nil {
		rt.api.Refuse(c, err)
		return
	}
	c.String(http.StatusOK, "%s", echo)
}

// push stores the events and answers at once; they are processed later. The platform repeats what was not
// answered with success.
func (rt *routes) push(c *gin.Context) {
	if rt.api.Options.Push == nil {
		rt.api.Refuse(c, errNoPush)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxPush))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		rt.api.Refuse(c, web.NewProblem(web.CodeTooLarge, "推送内容过长"))
		return
	}
	if err != nil {
		rt.api.Refuse(c, web.NewProblem(web.CodeMalformed, web.Unread))
		return
	}
	list, err := rt.api.Options.Push.Open(c.Request.URL.Query(), body)
	// A failure to store takes precedence over one to read: the platform has to send it again.
	if err = errors.Join(rt.desk.inbound.Enqueue(c.Request.Context(), list), err); err != nil {
		rt.api.Refuse(c, err)
		return
	}
	c.String(http.StatusOK, "success")
}
