package redisd

import (
	"context"
	"os/exec"
	"regexp"
	"strconv"

	"mashang/domain/fault"
)

// The oldest Redis that works: 7.0 brought the AOF folder with its manifest.
const minMajor, minMinor = 7, 0

// versionLine is what `redis-server --version` prints; Valkey says the same
// after another name.
var versionLine = regexp.MustCompile(`\bv=((\d+)\.(\d+)[\w.-]*)`)

// Installed finds the redis-server to run (empty binary: in PATH) and returns
// its path and version. The fault is Unavailable and says how to install it.
func Installed(ctx context.Context, binary string) (path, version string, err error) {
	if binary == "" {
		binary = "redis-server"
	}
	path, err = exec.LookPath(binary)
	if err != nil {
		return "", "", fault.Wrap(err, fault.Unavailable,
			"找不到 %s：Debian/Ubuntu 请执行 sudo apt-get install redis-server，macOS 请执行 brew install redis；或用 MASHANG_REDIS_ADDR 指向已有的 Redis", binary)
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "", "", fault.Wrap(err, fault.Unavailable, "无法运行 %s --version：请检查这个程序是否完整、可执行", path)
	}
	found := versionLine.FindSubmatch(out)
	if found == nil {
		return "", "", fault.New(fault.Unavailable, "认不出 %s 的版本：请安装 Redis %d.%d 或更新版本", path, minMajor, minMinor)
	}
	version = string(found[1])
	major, _ := strconv.Atoi(string(found[2]))
	minor, _ := strconv.Atoi(string(found[3]))
	if major < minMajor || (major == minMajor && minor < minMinor) {
		return "", "", fault.New(fault.Unavailable, "%s 的版本是 %s，需要 %d.%d 或更新：请升级 redis-server", path, version, minMajor, minMinor)
	}
	return path, version, nil
}
