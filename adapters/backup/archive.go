// Package backup makes one file of a data set and restores a data set from such a file: Redis' append-only
// files with their manifest, the uploads, and a list of all files with their checksums.
//
// It is a package and not a call of tar because of the AOF's manifest: without it Redis starts empty and
// reports nothing. So nothing is written or restored unless the manifest and every file it names are there. The
// keys of encrypted fields are never inside, so that a stolen archive does not open them. Their ids are, so
// that a restore can say which keys it needs.
//
// An archive is a gzipped tar, readable with common tools:
//
//	FORMAT                   a line with the layout's number, one with the data format's
//	redis/appendonlydir/...  Redis' files
//	uploads/...              photos and voice, as stored
//	MANIFEST.json            a Manifest; last, as it has the checksums
//
// It contains people's submissions in clear: protect it like the data.
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

// Format is the number of the layout that this version writes. It also reads layout 1, which did not have the
// number of the data's format.
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

// Put adds one file: its name without folder, its content, and its length in bytes. It must read all of them.
type Put = func(name string, r io.Reader, size int64) error

// Source is the content of an archive.
type Source struct {
	// AOF passes Redis' append-only files, the manifest among them, to put.
	AOF func(ctx context.Context, put Put) error
	// Uploads is the folder of uploads; empty or missing means none.
	Uploads string
	// Version is the product's version.
	Version string
	// CreatedAt is the time of the request for the archive.
	CreatedAt time.Time
	// Counts are figures to compare with a restored store.
	Counts map[string]int64
	// SealKeys are the ids of the keys of encrypted fields.
	SealKeys []string
	// Data is the number of the data's format.
	Data int
}

// Manifest describes an archive.
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

// validPath reports whether an archive may contain the path: it is below one of the two folders, does not leave it,
// and means the same on every file system.
func validPath(name string) bool {
	if !fs.ValidPath(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f || r == 0xfffd }) {
		return false
	}
	return path.Dir(name) == aofFolder || strings.HasPrefix(name, uploadFolder+"/")
}

// checkAOF checks that Redis would find all its data: the manifest, under the only name that Redis looks for,
// at least one file in it, and every file that it lists.
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

// damaged returns the fault of an archive that must not be used.
func damaged(message string, args ...any) error {
	return fault.New(fault.Invalid, message, args...)
}

// ctxReader is a reader that fails once ctx has ended.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (b ctxReader) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.r.Read(p)
}
