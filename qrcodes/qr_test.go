package qrcodes_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mashang/qrcodes"
)

var links = []string{
	"https://mashang.example.gov.cn/q/7KQ4M2XD",
	"http://127.0.0.1:18080/q/ABCDEFGHJKLMNPQRSTUVWXYZ23456789",
	"https://x.cn/q/1",
	"https://a-very-long-name-of-a-county-office.government.example.gov.cn/mashang/q/7KQ4M2XD",
}

func TestPNGIsReadBack(t *testing.T) {
	unraced(t)
	t.Parallel()
	need(t, "zbarimg")
	for _, link := range links {
		for _, px := range []int{128, 300, 512, qrcodes.MaxPx} {
			data, err := qrcodes.PNG(link, px)
			if err != nil {
				t.Fatal(err)
			}
			config, err := png.DecodeConfig(bytes.NewReader(data))
			if err != nil || config.Width != px || config.Height != px {
				t.Fatalf("PNG of %d px is %d×%d, %v", px, config.Width, config.Height, err)
			}
			if got := scanBytes(t, data); len(got) != 1 || got[0] != link {
				t.Errorf("%d px: read %q, want %q", px, got, link)
			}
		}
	}
}

func TestSVGIsReadBack(t *testing.T) {
	t.Parallel()
	need(t, "zbarimg")
	for _, link := range links {
		data, err := qrcodes.SVG(link)
		if err != nil {
			t.Fatal(err)
		}
		modules := raster(t, data)
		img := image.NewGray(image.Rect(0, 0, 4*len(modules), 4*len(modules)))
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if !modules[y/4][x/4] {
					img.SetGray(x, y, color.Gray{Y: 255})
				}
			}
		}
		var out bytes.Buffer
		if err := png.Encode(&out, img); err != nil {
			t.Fatal(err)
		}
		if got := scanBytes(t, out.Bytes()); len(got) != 1 || got[0] != link {
			t.Errorf("read %q, want %q", got, link)
		}
	}
}

// SVG and PNG show the same modules, with four white ones around, whatever the
// link.
func TestImagesAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		link := "https://" + rapid.StringMatching(`[a-z0-9.-]{1,60}/q/[A-Z0-9]{1,32}`).Draw(t, "link")
		vector, err := qrcodes.SVG(link)
		if err != nil {
			t.Fatal(err)
		}
		modules := raster(t, vector)
		n := len(modules)
		const scale = 3
		data, err := qrcodes.PNG(link, scale*n)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for y := range scale * n {
			for x := range scale * n {
				r, _, _, _ := img.At(x, y).RGBA()
				black := r == 0
				if black != modules[y/scale][x/scale] {
					t.Fatalf("pixel %d,%d: PNG and SVG differ", x, y)
				}
				quiet := min(x/scale, y/scale, n-1-x/scale, n-1-y/scale) < 4
				if black && quiet {
					t.Fatalf("module %d,%d of the quiet zone is black", x/scale, y/scale)
				}
			}
		}
	})
}

func TestImagesRefuse(t *testing.T) {
	t.Parallel()
	long := "https://x.cn/" + strings.Repeat("a", qrcodes.MaxLink)
	dense := "https://x.cn/" + strings.Repeat("a", qrcodes.MaxLink-13)
	for _, c := range []struct {
		name, link string
		px         int
		field      string
	}{
		{"no link", "", 256, "url"},
		{"long link", long, 256, "url"},
		{"too small", links[0], qrcodes.MinPx - 1, "size"},
		{"too large", links[0], qrcodes.MaxPx + 1, "size"},
		{"negative", links[0], -5, "size"},
		{"less than a pixel a module", dense, qrcodes.MinPx, "size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data, err := qrcodes.PNG(c.link, c.px)
			wantInvalid(t, err, c.field)
			if data != nil {
				t.Error("an image came with the error")
			}
		})
	}
	_, err := qrcodes.SVG(long)
	wantInvalid(t, err, "url")
}

// raster reads the drawing's rectangles back into modules.
func raster(t interface{ Fatalf(string, ...any) }, svg []byte) [][]bool {
	var modules [][]bool
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	fill := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return modules
		}
		if err != nil {
			t.Fatalf("the SVG is not XML: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		values := map[string]string{}
		for _, attr := range start.Attr {
			values[attr.Name.Local] = attr.Value
		}
		number := func(name string) int {
			n, err := strconv.Atoi(values[name])
			if err != nil {
				t.Fatalf("%s of %s: %v", name, start.Name.Local, err)
			}
			return n
		}
		if values["fill"] != "" {
			fill = values["fill"]
		}
		switch start.Name.Local {
		case "svg":
			box := strings.Fields(values["viewBox"])
			n, err := strconv.Atoi(box[2])
			if err != nil || box[2] != box[3] || values["shape-rendering"] != "crispEdges" {
				t.Fatalf("odd drawing: %v", start.Attr)
			}
			modules = make([][]bool, n)
			for y := range modules {
				modules[y] = make([]bool, n)
			}
		case "rect":
			for y := number("y"); y < number("y")+number("height"); y++ {
				for x := number("x"); x < number("x")+number("width"); x++ {
					modules[y][x] = fill == "#000"
				}
			}
		}
	}
}
