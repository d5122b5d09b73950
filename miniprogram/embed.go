// Package miniprogram holds the people's client: its source, and what is built
// of it for browsers, embedded. The build for WeChat (dist/build/mp-weixin) is
// uploaded to the platform and is no part of the program.
package miniprogram

import (
	"embed"
	"encoding/json"
	"io/fs"
)

//go:embed all:dist/build/h5
var built embed.FS

// Files returns the client as built for browsers: index.html, a first page of
// each page's own, the files they load, and of each that is worth it a copy
// compressed by Brotli (.br) and one by gzip (.gz). Before the first build it
// holds no index.html.
func Files() fs.FS {
	files, err := fs.Sub(built, "dist/build/h5")
	if err != nil {
		panic("miniprogram: " + err.Error()) // the path is checked when the program is built
	}
	return files
}

// Declaration is a kind of information that the mini program takes from people,
// as the platform's privacy guide names it.
type Declaration struct {
	// What is the platform's name of it, By the interface that takes it, Why the
	// purpose to paste into the platform's form.
	What, By, Why string
}

// privacy is written from the built package (npm run privacy); a test of the
// package compares them.
//
//go:embed privacy.json
var privacy []byte

// Privacy returns what has to be declared to the platform. An interface that is
// not declared fails on every phone (errno 112).
func Privacy() []Declaration {
	var list []Declaration
	if err := json.Unmarshal(privacy, &list); err != nil {
		panic("miniprogram: privacy.json: " + err.Error()) // it is part of the source
	}
	return list
}
