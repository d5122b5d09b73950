// Package console holds the staff's console: its source, and what is built of
// it, embedded.
package console

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var built embed.FS

// Files returns the built console: index.html, the files it loads, and of each
// that is worth it a copy compressed by gzip (.gz). Before the first build it
// holds no index.html.
func Files() fs.FS {
	files, err := fs.Sub(built, "dist")
	if err != nil {
		panic("console: " + err.Error()) // the path is checked when the program is built
	}
	return files
}
