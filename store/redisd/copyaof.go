package redisd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// rewriteSetting starts rewrites of the AOF by itself; "0" switches that off.
const rewriteSetting = "auto-aof-rewrite-percentage"

// pinTries is how often we start over when a rewrite asked for by hand changes
// the files under us.
const pinTries = 5

// CopyAOF hands a consistent copy of a live Redis' append-only files to dst,
// file by file and the manifest last; every write acknowledged before the call
// is in it. Names are without folder; dst must read size bytes from r. Redis
// goes on working: the file that grows is cut at the size it had, which
// aof-load-truncated allows.
//
// It follows the procedure of Redis' own documentation: rewrites off, wait for
// the one under way, pin the files, rewrites on. Files are pinned by opening
// them; Redis only appends to them or replaces them whole.
//
// Faults: Conflict when another copy is under way, Unavailable with advice
// otherwise. A fault of dst is returned as it is.
func CopyAOF(ctx context.Context, socket string, dst func(name string, r io.Reader, size int64) error) error {
	client := connect(socket)
	defer client.Close() //nolint:errcheck // its last command was answered
	place, err := locate(ctx, client)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "无法备份 Redis 数据：请确认 Redis 在本机运行并已打开 AOF（appendonly yes）")
	}
	lock, err := tryLock(filepath.Join(place.dir, "copy.lock"))
	if errors.Is(err, errBusy) {
		return fault.New(fault.Conflict, "另一个备份正在进行：请等它结束后再试")
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "无法读写 Redis 的数据文件夹 %s：备份须在 Redis 所在的机器上、以能读它的用户运行", place.dir)
	}
	defer lock.release()
	files, manifest, err := place.pin(ctx, client, lock)
	defer func() {
		for _, file := range files {
			_ = file.Close()
		}
	}()
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "读取 Redis 数据文件失败：请检查磁盘和权限后再备份一次")
	}
	for _, file := range files {
		if err := dst(filepath.Base(file.Name()), io.LimitReader(file, file.size), file.size); err != nil {
			return err
		}
	}
	return dst(place.manifest, strings.NewReader(manifest), int64(len(manifest)))
}

// aofPlace is where a Redis keeps its append-only files.
type aofPlace struct {
	dir, sub, manifest string
}

func locate(ctx context.Context, client *redis.Client) (aofPlace, error) {
	if !listens(ctx, client.Options().Addr) {
		return aofPlace{}, errNotListening
	}
	on, err := setting(ctx, client, "appendonly")
	if err != nil {
		return aofPlace{}, err
	}
	if on != "yes" {
		return aofPlace{}, errors.New("redisd: appendonly is off")
	}
	dir, err := setting(ctx, client, "dir")
	if err != nil {
		return aofPlace{}, err
	}
	sub, err := setting(ctx, client, "appenddirname")
	if err != nil {
		return aofPlace{}, err
	}
	name, err := setting(ctx, client, "appendfilename")
	return aofPlace{dir: dir, sub: sub, manifest: name + ".manifest"}, err
}

// pinned is an open file of which the first size bytes are copied.
type pinned struct {
	*os.File
	size int64
}

// pin opens the files that make up one consistent state and returns them with
// their manifest. Rewrites are off for these milliseconds only, and on again
// whatever happens: the lock file keeps the former setting, so that the next
// copy can put right what a killed one left.
func (p aofPlace) pin(ctx context.Context, client *redis.Client, lock *lockFile) (files []pinned, manifest string, err error) {
	before, err := os.ReadFile(lock.file.Name())
	if err != nil {
		return nil, "", err
	}
	former := string(before)
	if former == "" {
		if former, err = setting(ctx, client, rewriteSetting); err != nil {
			return nil, "", err
		}
		if err := lock.write(former); err != nil {
			return nil, "", err
		}
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		restored := client.ConfigSet(ctx, rewriteSetting, former).Err()
		if restored == nil {
			restored = lock.write("")
		}
		err = errors.Join(err, restored)
	}()
	if err := client.ConfigSet(ctx, rewriteSetting, "0").Err(); err != nil {
		return nil, "", err
	}
	for range pinTries {
		if err := waitNoRewrite(ctx, client); err != nil {
			return nil, "", err
		}
		files, manifest, err = p.open()
		if err == nil {
			return files, manifest, nil
		}
	}
	return nil, "", err
}

// open opens what the manifest lists and fails if the manifest changed
// meanwhile. Files of type "h" are history that Redis is about to delete: they
// are left out, and out of the manifest's copy.
func (p aofPlace) open() (files []pinned, manifest string, err error) {
	defer func() {
		if err != nil {
			for _, file := range files {
				_ = file.Close()
			}
			files = nil
		}
	}()
	folder := filepath.Join(p.dir, p.sub)
	path := filepath.Join(folder, p.manifest)
	before, err := os.ReadFile(path) //nolint:gosec // Redis names its own folder
	if err != nil {
		return nil, "", err
	}
	var keep strings.Builder
	for line := range strings.Lines(string(before)) {
		var name, kind string
		var seq int64
		if _, err := fmt.Sscanf(line, "file %s seq %d type %s", &name, &seq, &kind); err != nil {
			return files, "", fmt.Errorf("redisd: unknown line in the AOF manifest: %w", err)
		}
		if kind == "h" {
			continue
		}
		keep.WriteString(line)
		file, err := os.Open(filepath.Join(folder, filepath.Base(name))) //nolint:gosec // Redis names its own files
		if err != nil {
			return files, "", err
		}
		files = append(files, pinned{File: file})
		stat, err := file.Stat()
		if err != nil {
			return files, "", err
		}
		files[len(files)-1].size = stat.Size()
	}
	after, err := os.ReadFile(path) //nolint:gosec // as above
	if err != nil {
		return files, "", err
	}
	if string(before) != string(after) {
		return files, "", errors.New("redisd: the AOF was rewritten meanwhile")
	}
	return files, keep.String(), nil
}
