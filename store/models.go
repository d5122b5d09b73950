package store

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// A station's text model is stored as its version, a line break and the file.

var errModel = errors.New("store: not a model's value")

// ModelVersion returns the version of the station's model, 0 for none. It is cheap.
func (s Stations) ModelVersion(ctx context.Context, st string) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	head, err := s.rdb.GetRange(ctx, spaceOf(st).model(), 0, 20).Bytes()
	if err != nil || len(head) == 0 {
		return 0, failed(err)
	}
	version, _, err := modelOf(head)
	return version, err
}

// Model returns the station's model and its version; fault.NotFound for none.
func (s Stations) Model(ctx context.Context, st string) (file []byte, version int, err error) {
	if err := checkStation(st); err != nil {
		return nil, 0, err
	}
	value, err := s.rdb.Get(ctx, spaceOf(st).model()).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, 0, fault.New(fault.NotFound, "这个工作站还没有训练过")
	}
	if err != nil {
		return nil, 0, failed(err)
	}
	version, file, err = modelOf(value)
	return file, version, err
}

// PutModel replaces the station's model and returns its version. It is called by an operator's command, one at
// a time.
func (s Stations) PutModel(ctx context.Context, st string, file []byte) (version int, err error) {
	if version, err = s.ModelVersion(ctx, st); err != nil {
		return 0, err
	}
	version++
	value := append([]byte(strconv.Itoa(version)+"\n"), file...)
	return version, failed(s.rdb.Set(ctx, spaceOf(st).model(), value, 0).Err())
}

func modelOf(value []byte) (version int, file []byte, err error) {
	head, file, ok := bytes.Cut(value, []byte{'\n'})
	if version, err = strconv.Atoi(string(head)); err != nil || !ok {
		return 0, nil, broken(errModel, "归类模型")
	}
	return version, file, nil
}
