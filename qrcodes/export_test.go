package qrcodes

import "golang.org/x/image/font"

// ReadsBack draws a code's image on a leaf, turned by half or not, and reports
// whether it is given out as the code of an address.
func ReadsBack(image []byte, url string, turned bool) bool {
	face := newLeaf(60, 60, func(string) float64 { return 0 })
	face.code(image, url, 5, 5, 50)
	l := newLeaf(70, 70, face.measure)
	l.lay(face, 3, 4, turned)
	_, err := checked(page{l, []string{"王秀英"}}, readDPI, map[float64]font.Face{})
	return err == nil
}
