package doctor

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"mashang/wechat"
)

// linkPrefix is the path of the plain codes. The rule in the console must end with the slash, or the platform
// matches no path below it.
const linkPrefix = "/q/"

// links checks what the plain-link rule needs at our public address: the verification files and the codes'
// pages.
func (c *Platform) links(ctx context.Context) {
	files := c.cfg.WeChat.VerifyFiles
	wrong := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, path := range []string{linkPrefix + name, "/" + name} {
			if why := difference(fetch(ctx, c.web, c.cfg.HTTP.PublicURL+path, wechat.Probe{}), files[name]); why != "" {
				wrong++
				c.Fail("普通链接：校验文件 %s%s %s", c.cfg.HTTP.PublicURL, path, why)
			}
		}
	}
	if len(files) == 0 {
		c.Warn("普通链接：没有配置 wechat.verify_files。在%s添加规则时，平台会给一个校验文件：把文件名和内容写进 wechat.verify_files，重启服务，再点“保存”", atLinks)
	}
	if why := c.signPage(ctx); why != "" {
		wrong++
		c.Fail("普通链接：码牌的网页 %s%s %s", c.cfg.HTTP.PublicURL, linkPrefix, why)
	}
	if wrong == 0 {
		c.Pass("普通链接：%d 个校验文件和码牌的网页都打得开", len(files))
	}
}

// difference describes how an answer differs from the expected file, "" if it does not.
func difference(got reply, content string) string {
	switch {
	case got.err != nil:
		return "访问不了：" + describeNetError(got.err)
	case got.status == http.StatusNotFound:
		return "应答 404：改过 verify_files 后请重启服务，并让反向代理转发这个路径"
	case got.status != http.StatusOK:
		return fmt.Sprintf("应答 %d：请让反向代理把这个路径转给本服务", got.status)
	case got.body != content:
		return "内容与 wechat.verify_files 里的不同：改过设置后请重启服务；反向代理不要另放同名文件"
	}
	return ""
}

// signPage opens the page of a code, if there is one, and returns what is wrong.
func (c *Platform) signPage(ctx context.Context) string {
	key, want := c.key, http.StatusOK
	if key == "" {
		key, want = "doctor", http.StatusNotFound
	}
	got := fetch(ctx, c.web, c.cfg.HTTP.PublicURL+linkPrefix+key, wechat.Probe{})
	switch {
	case got.err != nil:
		return "访问不了：" + describeNetError(got.err)
	// A proxy has its own error pages; none of them has our policy.
	case got.status != want || !got.page() || !strings.Contains(got.header.Get("Content-Security-Policy"), "style-src 'sha256-"):
		return fmt.Sprintf("应答 %d，不是本服务的网页：请让反向代理把 %s 下的路径都转给本服务", got.status, linkPrefix)
	}
	return ""
}
