package redisd

import (
	"bytes"
	"log/slog"
	"regexp"
	"strings"
	"sync"
)

// keepLines is how many of the child's last warnings are kept for advice.
const keepLines = 8

// logLine is Redis' own format: "pid:role 02 Jan 2026 15:04:05.000 # text".
var logLine = regexp.MustCompile(`^\d+:[A-Z] \d{1,2} \w{3} \d{4} [\d:.]+ ([.*#-]) (.*)$`)

// levels maps Redis' marks to log levels. Redis' notices are the same few lines at each start and stop and
// matter only when looking for a fault.
var levels = map[string]slog.Level{
	".": slog.LevelDebug, "-": slog.LevelDebug, "*": slog.LevelDebug, "#": slog.LevelWarn,
}

// benignWarnings matches warnings of Redis that need no action. mashang doctor checks overcommit.
var benignWarnings = regexp.MustCompile(`^(oO0|Redis version=|Configuration loaded|Server initialized|` +
	`WARNING Memory overcommit|User requested shutdown|Redis is now ready to exit|Received SIGTERM)`)

// relay passes a child's output on, line by line. Redis logs no data of users
// at the level it runs at.
type relay struct {
	say func(level slog.Level, text string)

	mu   sync.Mutex
	part []byte
	tail []string
}

// Write takes a piece of output; it never fails.
func (r *relay) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.part = append(r.part, p...)
	for {
		line, rest, ok := bytes.Cut(r.part, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		r.pass(strings.TrimSpace(string(line)))
		r.part = rest
	}
}

// pass logs one line. What does not look like a log line is a startup
// complaint, which Redis prints bare.
func (r *relay) pass(line string) {
	if line == "" {
		return
	}
	level, text := slog.LevelWarn, line
	if found := logLine.FindStringSubmatch(line); found != nil {
		level, text = levels[found[1]], found[2]
		if benignWarnings.MatchString(text) {
			level = slog.LevelDebug
		}
	}
	if level >= slog.LevelWarn {
		r.tail = append(r.tail, text)
		r.tail = r.tail[max(0, len(r.tail)-keepLines):]
	}
	r.say(level, text)
}

// advices maps what Redis says when it gives up to what an operator should do.
var advices = []struct{ sign, advice string }{
	{"No space left on device", "磁盘已满：请腾出空间，服务会自动恢复；已确认的数据没有丢失"},
	{"Input/output error", "磁盘读写出错：请检查磁盘健康，必要时换盘并从备份恢复"},
	{"Bad file format reading the append only file", "数据文件损坏：请先复制 redis/appendonlydir，再从备份恢复，或用 redis-check-aof 检查"},
	{"AOF loading aborted", "数据文件不完整：请先复制 redis/appendonlydir，再从备份恢复"},
	{"Permission denied", "没有权限访问数据文件：请检查 redis 文件夹属于运行本服务的用户"},
	{"FATAL CONFIG FILE ERROR", "redis-server 不接受我们的参数：请安装 Redis 7.0 或更新版本"},
	{"Can't save in background: fork", "内存不足：请增加内存或设置 vm.overcommit_memory=1"},
}

// advice says what an operator should do about a child that died.
func (c *child) advice() string {
	var tail []string
	if c.log != nil {
		c.log.mu.Lock()
		tail = append(tail, c.log.tail...)
		c.log.mu.Unlock()
	}
	text := strings.Join(tail, "; ")
	for _, known := range advices {
		if strings.Contains(text, known.sign) {
			return known.advice
		}
	}
	if strings.Contains(c.state, "signal: killed") {
		return "Redis 被强行结束，常见原因是内存不足：请查看系统日志（dmesg）"
	}
	if text == "" {
		return "Redis 没有说明原因：请查看系统日志"
	}
	return "请按 Redis 的最后提示处理：" + text
}
