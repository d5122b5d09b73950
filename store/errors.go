package store

import (
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// retryAfter is when a client should come back: a managed Redis that died is
// up again by then.
const retryAfter = 2 * time.Second

// passing are the answers of a server that will work again without anything
// being wrong with what it was asked.
var passing = []string{
	"LOADING", "MISCONF", "READONLY", "OOM", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN",
	"NOREPLICAS", "NOAUTH", "WRONGPASS", "NOPERM", "ERR max number of clients reached",
}

// failed turns an error of Redis into a fault: Unavailable when Redis cannot
// be reached or does not take writes now, Internal when it understood and
// refused. nil stays nil.
func failed(err error) error {
	if err == nil {
		return nil
	}
	if answer, ok := errors.AsType[redis.Error](err); ok {
		text := answer.Error()
		for _, prefix := range passing {
			if strings.HasPrefix(text, prefix) {
				return unavailable(err)
			}
		}
		return fault.Wrap(err, fault.Internal, "数据读写出错，请稍后再试")
	}
	return unavailable(err)
}

func unavailable(err error) error {
	return fault.Wrap(err, fault.Unavailable, "系统暂时繁忙，请稍后再试").Retry(retryAfter)
}

// broken is a value in Redis that is not what this package wrote.
func broken(cause error, what string) error {
	return fault.Wrap(cause, fault.Internal, "%s的数据已损坏，请联系管理员核对备份", what)
}

// missing is the fault for what is not there.
func missing(what string) error {
	return fault.New(fault.NotFound, "没有找到%s", what)
}
