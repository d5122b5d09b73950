package app

import (
	"errors"

	"mashang/domain/fault"
	"mashang/handlers/web"
	"mashang/store/redisd"
)

// disk reports the space and returns whether a disk is full.
func (d *Doctor) disk() (full bool) {
	by := d.measure
	if by == nil {
		by = measure
	}
	list, err := measureAll(diskDirs(d.Config.Data.Dir), by)
	if err != nil {
		d.Warn("磁盘空间量不出来：%v", err)
	}
	for _, s := range list {
		switch s.state() {
		case web.DiskFull:
			full = true
			d.Fail("磁盘已满：%s。请清理或扩容；腾出空间后服务会自己恢复，已确认的数据没有丢失", s.words())
		case web.DiskLow:
			d.Warn("磁盘快满了：%s。请清理或扩容，满了就收不下诉求", s.words())
		default:
			d.Pass("磁盘：%s", s.words())
		}
	}
	return full
}

// noRedis says why the store does not answer. If the server runs and its Redis does not, the server does not
// block the socket.
func (d *Doctor) noRedis(err error, full bool) {
	locked, ok := errors.AsType[*redisd.LockedError](err)
	switch {
	case ok && full:
		d.Fail("Redis：没有应答，因为磁盘已满（见上）。服务（pid %d）在运行，腾出空间后会自己恢复，不必停它", locked.PID)
	case ok:
		d.Fail("Redis：服务（pid %d）在运行，但它的 Redis 没有应答：可能正在重启或装入数据，请看服务的日志，过一会儿再体检", locked.PID)
	default:
		d.Fail("Redis：%s", fault.Message(err))
	}
}
