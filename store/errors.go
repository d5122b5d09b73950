package store

import (
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/store/value"
)

// retryAfter is when a client should retry: a managed Redis that died is up again by then.
const retryAfter = 2 * time.Second

// passing are the errors of a server that will work again without a change of the request.
var passing = []string{
	"LOADING", "MISCONF", "READONLY", "OOM", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN",
	"NOREPLICAS", "NOAUTH", "WRONGPASS", "NOPERM", "ERR max number of clients reached",
}

// failed converts an error of Redis into a fault: Unavailable when Redis cannot be reached or does not accept
// writes now, Internal when it rejected the request. nil stays nil.
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

// broken is the fault for a value in Redis that this package has not written so.
func broken(cause error, what string) error { return value.Broken(cause, what) }

// missing is the fault for what does not exist.
func missing(what string) error {
	return fault.New(fault.NotFound, "没有找到%s", what)
}
