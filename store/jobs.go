package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
	"mashang/store/value"
)

const (
	// jobTTL is how long a job and its file are kept after the last change.
	jobTTL = time.Hour
	// maxJobs is how many of a person's jobs are listed.
	maxJobs = 50
	// jobClaim is how long a job without a heartbeat blocks another job of the same person and kind.
	jobClaim = 30 * time.Second
	// fileChunk is how much of a file is written or read at once. A larger value would block other clients.
	fileChunk = 1 << 20
)

// The fields of a job's hash.
const (
	jobBody   = "job"
	jobCancel = "cancel"
)

// AddJob stores a new job. ok is false when its person has an unfinished one of its kind.
func (s JobRegistry) AddJob(ctx context.Context, j record.Job) (ok bool, err error) {
	if err := checkStation(j.Station); err != nil {
		return false, err
	}
	sp := spaceOf(j.Station)
	claim := sp.jobClaim(j.Person, j.Kind)
	_, err = s.rdb.SetArgs(ctx, claim, j.ID, redis.SetArgs{Mode: "NX", TTL: jobClaim}).Result()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, failed(err)
	}
	body, err := json.Marshal(j)
	if err != nil {
		return false, broken(err, aJob)
	}
	list := sp.jobs(j.Person)
	p := s.rdb.TxPipeline()
	p.HSet(ctx, sp.job(j.ID), jobBody, body)
	p.Expire(ctx, sp.job(j.ID), jobTTL)
	p.ZAdd(ctx, list, redis.Z{Score: float64(j.Made), Member: j.ID})
	p.ZRemRangeByRank(ctx, list, 0, -maxJobs-1)
	p.Expire(ctx, list, jobTTL)
	_, err = p.Exec(ctx)
	return err == nil, failed(err)
}

// aJob names a job in an error.
const aJob = "这个任务"

// PutJob stores a job's progress; it is also the job's heartbeat.
func (s JobRegistry) PutJob(ctx context.Context, j record.Job) error {
	if err := checkStation(j.Station); err != nil {
		return err
	}
	body, err := json.Marshal(j)
	if err != nil {
		return broken(err, aJob)
	}
	sp := spaceOf(j.Station)
	claim := sp.jobClaim(j.Person, j.Kind)
	if j.State.Ended() {
		// First, because a client that sees the end may start another job at once.
		if err := scriptRelease.run(ctx, s.rdb, []string{claim}, j.ID).Err(); err != nil {
			return failed(err)
		}
	}
	p := s.rdb.TxPipeline()
	p.HSet(ctx, sp.job(j.ID), jobBody, body)
	p.Expire(ctx, sp.job(j.ID), jobTTL)
	p.Expire(ctx, sp.jobs(j.Person), jobTTL)
	if j.State.Ended() {
		p.Expire(ctx, sp.jobFile(j.ID), jobTTL)
	} else {
		p.Expire(ctx, claim, jobClaim)
	}
	_, err = p.Exec(ctx)
	return failed(err)
}

// CancelJob requests the job's cancellation; JobCancelled reads the request.
func (s JobRegistry) CancelJob(ctx context.Context, st, id string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	key := spaceOf(st).job(id)
	p := s.rdb.TxPipeline()
	p.HSet(ctx, key, jobCancel, 1)
	p.Expire(ctx, key, jobTTL)
	_, err := p.Exec(ctx)
	return failed(err)
}

// JobCancelled reports whether cancellation was requested.
func (s JobRegistry) JobCancelled(ctx context.Context, st, id string) (bool, error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	ok, err := s.rdb.HExists(ctx, spaceOf(st).job(id), jobCancel).Result()
	return ok, failed(err)
}

// Job returns fault.NotFound for a job that is no longer kept.
func (s JobRegistry) Job(ctx context.Context, st, id string) (j record.Job, err error) {
	if err := checkStation(st); err != nil {
		return j, err
	}
	body, err := s.rdb.HGet(ctx, spaceOf(st).job(id), jobBody).Bytes()
	if errors.Is(err, redis.Nil) {
		return j, missing(aJob)
	}
	if err != nil {
		return j, failed(err)
	}
	if err := value.Unpack(body, &j); err != nil {
		return j, broken(err, aJob)
	}
	return j, nil
}

// Jobs lists a person's jobs, newest first, at most maxJobs.
func (s JobRegistry) Jobs(ctx context.Context, st, person string) ([]record.Job, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	sp := spaceOf(st)
	ids, err := s.rdb.ZRangeArgs(ctx, redis.ZRangeArgs{Key: sp.jobs(person), Start: 0, Stop: -1, Rev: true}).Result()
	if err != nil {
		return nil, failed(err)
	}
	p := s.rdb.Pipeline()
	found := make([]*redis.StringCmd, len(ids))
	for i, id := range ids {
		found[i] = p.HGet(ctx, sp.job(id), jobBody)
	}
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, failed(err)
	}
	list := make([]record.Job, 0, len(ids))
	for _, f := range found {
		body, err := f.Bytes()
		if errors.Is(err, redis.Nil) {
			continue // it has expired
		}
		if err != nil {
			return nil, failed(err)
		}
		var j record.Job
		if err := value.Unpack(body, &j); err != nil {
			return nil, broken(err, aJob)
		}
		list = append(list, j)
	}
	return list, nil
}

// PutJobFile stores a job's file for an hour. It is not served before PutJob stores that the job is done.
func (s JobRegistry) PutJobFile(ctx context.Context, st, id string, data []byte) error {
	if err := checkStation(st); err != nil {
		return err
	}
	key := spaceOf(st).jobFile(id)
	if err := s.rdb.Set(ctx, key, "", jobTTL).Err(); err != nil {
		return failed(err)
	}
	for len(data) > 0 {
		n := min(fileChunk, len(data))
		if err := s.rdb.Append(ctx, key, string(data[:n])).Err(); err != nil {
			return failed(err)
		}
		data = data[n:]
	}
	return nil
}

// JobFile returns fault.NotFound when there is none.
func (s JobRegistry) JobFile(ctx context.Context, st, id string) ([]byte, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	key := spaceOf(st).jobFile(id)
	size, err := s.rdb.StrLen(ctx, key).Result()
	if err != nil {
		return nil, failed(err)
	}
	if size == 0 {
		return nil, missing("这个文件，可能已经过期，请重新生成")
	}
	data := make([]byte, 0, size)
	for int64(len(data)) < size {
		part, err := s.rdb.GetRange(ctx, key, int64(len(data)), int64(len(data))+fileChunk-1).Bytes()
		if err != nil {
			return nil, failed(err)
		}
		if len(part) == 0 {
			return nil, missing("这个文件，可能已经过期，请重新生成")
		}
		data = append(data, part...)
	}
	return data, nil
}
