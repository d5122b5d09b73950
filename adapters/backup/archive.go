// Package backup makes one file out of a data set and a data set out of such
// a file: Redis' append-only files with their manifest, the uploads, and a
// list of everything with its checksum.
//
// The AOF's own manifest is why this is a package and not a call of tar:
// without it Redis starts empty and says nothing. So nothing is written or
// taken back unless the manifest is there and every file it names too. The
// keys of sealed fields are never inside: a stolen archive must not open them.
// Their ids are, so that a restore can say which keys it will need.
//
// An archive is a gzipped tar, readable with common tools:
//
//	FORMAT                   a line with the layout's number, one with the data format's
//	redis/appendonlydir/...  Redis' files
//	uploads/...              photos and voice, as stored
//	MANIFEST.json            a Manifest; last, since it holds the checksums
//
// It holds people's submissions in clear: keep it like the data itself.
package backup

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"mashang/domain/fault"
)

// Format is the number of the layout this version writes. It reads that of
// before as well, which had no number of the data's format.
const Format = 2

const (
	formatName   = "FORMAT"
	formatLine   = "mashang-backup %d\n"
	dataLine     = "data %d\n"
	manifestName = "MANIFEST.json"
	aofFolder    = "redis/appendonlydir"
	aofManifest  = aofFolder + "/appendonly.aof.manifest"
	uploadFolder = "uploads"

	// maxManifest bounds MANIFEST.json: some two million files.
	maxManifest = 256 << 20
	// maxAOFManifest bounds Redis' manifest, which has a line a file.
	maxAOFManifest = 1 << 20
)

// Put takes one file: its name without folder, its content, and its length in
// bytes, all of which must be read.
type Put = func(name string, r io.Reader, size int64) error

// Source is what goes into an archive.
type Source struct {
	// AOF hands over Redis' append-only files, the manifest among them.
	AOF func(ctx context.Context, put Put) error
	// Uploads is the folder of uploads; empty or missing means none.
	Uploads string
	// Version is the product's version.
	Version string
	// CreatedAt is the time the archive was asked for.
	CreatedAt time.Time
	// Counts are figures to compare a restored store with.
	Counts map[string]int64
	// SealKeys are the ids of the keys that open the sealed fields.
	SealKeys []string
	// Data is the number of the data's format.
	Data int
}

// Manifest is what an archive says about itself.
type Manifest struct {
	Format    int              `json:"format"`
	Version   string           `json:"version"`
	CreatedAt time.Time        `json:"created_at"`
	Counts    map[string]int64 `json:"counts"`
	SealKeys  []string         `json:"seal_keys"`
	Files     []File           `json:"files"`
	// Data is the number of the data's format; archives of layout 1 have 1.
	Data int `json:"data_format"`
}

// File is one file of an archive.
type File struct {
	// Path is slash-separated and begins with redis/ or uploads/.
	Path string `json:"path"`
	// Size is in bytes.
	Size int64 `json:"size"`
	// SHA256 is in hexadecimal.
	SHA256 string `json:"sha256"`
}

// legal reports whether a path is one that an archive may hold: below one of
// the two folders, with no way out of it, and nothing that one file system
// would read differently than another.
func legal(name string) bool {
	if !fs.ValidPath(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f || r == 0xfffd }) {
		return false
	}
	return path.Dir(name) == aofFolder || strings.HasPrefix(name, uploadFolder+"/")
}

// checkAOF makes sure that Redis would find all its data: the manifest, under
// the only name Redis looks for, a file in it, and every file it lists.
func checkAOF(manifest string, has func(name string) bool) error {
	if !has(aofManifest) {
		return damaged("备份里没有 AOF 清单 %s，没有它 Redis 会空着启动：请换一份备份；"+
			"若在备份自有的 Redis，请确认它的 appendfilename 是 appendonly.aof", path.Base(aofManifest))
	}
	listed := 0
	for line := range strings.Lines(manifest) {
		var name, kind string
		var seq int64
		if _, err := fmt.Sscanf(line, "file %s seq %d type %s", &name, &seq, &kind); err != nil {
			return damaged("AOF 清单里有认不出的内容：请换一份备份")
		}
		if !has(aofFolder + "/" + name) {
			return damaged("AOF 清单提到的文件 %q 不在备份里：请换一份备份", name)
		}
		listed++
	}
	if listed == 0 {
		return damaged("AOF 清单是空的，恢复后不会有任何数据：请换一份备份")
	}
	return nil
}

// damaged is the fault of an archive that must not be used.
func damaged(message string, args ...any) error {
	return fault.New(fault.Invalid, message, args...)
}

// bounded ends a long copy when ctx ends.
type bounded struct {
	ctx context.Context
	r   io.Reader
}

func (b bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}
