package app

import (
	"io"

	"mashang/cmd/mashang/internal/demo"
)

// Welcome prints what to open and how to try the demonstration.
func Welcome(w io.Writer, addr string) {
	base := "http://" + addr
	say(w, `
码上 演示已就绪（微信由本程序模拟，姓名和地名都是虚构的）

  首页        %[1]s/
  网页版      %[1]s/m/pages/me/index    群众和委员用的客户端，与小程序同一份源码
  工作台      %[1]s/console/            联络员在电脑上用的：手机扫码登录，二维码下面有演示用的链接
  模拟的手机  %[1]s/_emulator/          微信这一侧：通知、客服会话、授权；联络员也在这里
  演员表      %[1]s/_emulator/cast      可以扮演的委员、可以扫的码
  接口文档    %[1]s/openapi.json

不用浏览器也可以扮演群众：任取一个 openid（字母数字 4 至 64 位），先取登录码，再带着扫到的码登录：
  curl -s -X POST %[1]s/_emulator/users/wo-de-shouji/code
扮演委员：openid 用 %[2]s（见演员表），登录后看 /api/v1/inbox
完整走一遍：README 里的 scripts/walk.sh %[1]s

按 Ctrl-C 停止；数据保留，下次启动接着用。
`, base, demo.MemberOpenID("m01"))
}
