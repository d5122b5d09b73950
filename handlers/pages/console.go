package pages

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// consoleBase is the base path of the staff's console.
const consoleBase = "/console/"

func (rt *routes) addConsole(r gin.IRoutes) {
	r.GET(consoleBase+"*path", rt.console)
	r.HEAD(consoleBase+"*path", rt.console)
}

func (rt *routes) console(c *gin.Context) {
	if !isBuilt(rt.api.Options.Console) {
		rt.show(c, http.StatusNotFound, "lost.html", pageData{Title: "工作台还没有安装", NoClient: true})
		return
	}
	c.Writer.Header().Set("Content-Security-Policy", rt.pages.console)
	rt.serveBuilt(c, rt.api.Options.Console)
}
