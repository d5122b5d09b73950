// Package miniprogram holds the people's client: its source, and what is built
// of it for browsers, embedded. The build for WeChat (dist/build/mp-weixin) is
// uploaded to the platform and is no part of the program.
package miniprogram

import (
	"embed"
	"io/fs"
)

//go:embed all:dist/build/h5
var built embed.FS

// Files returns the client as built for browsers: index.html, the files it
// loads, and of each that is worth it a copy compressed by gzip (.gz). Before
// the first build it holds no index.html.
func Files() fs.FS {
	files, err := fs.Sub(built, "dist/build/h5")
	if err != nil {
		panic("miniprogram: " + err.Error()) // the path is checked when the program is built
	}
	return files
}
