package voice

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Ids that Strip alone needs (RFC 9559).
const (
	idVoid         = 0xEC
	idMuxingApp    = 0x4D80
	idWritingApp   = 0x5741
	idAudio        = 0xE1
	idCodecPrivate = 0x63A2
)

// webmKept are the leaf elements that are kept, which include those that Probe reads: what a player needs.
// Titles, dates, languages, tags, attachments, chapters and indexes are removed.
var webmKept = []uint32{
	0x4286, 0x42F7, 0x42F2, 0x42F3, idDocType, 0x4287, 0x4285, // EBML's versions and lengths
	idScale, idDuration, idMuxingApp, idWritingApp,
	0xD7, 0x73C5, idTrackType, 0xB9, 0x88, 0x55AA, 0x9C, 0x6DE7, 0x6DF8, 0x23E383, // a track's number, id, flags, times
	idCodec, idCodecPrivate, 0x56AA, 0x56BB, // its codec and delays
	0xB5, 0x78B5, 0x9F, 0x6264, // rates, channels, bits
	idClusterTime, 0xA7, 0xAB, idSimpleBlock, idBlock, idBlockDuration, 0xFB, 0x75A2,
}

// stripWebM replaces the elements that are not kept by Void elements of the same length.
func stripWebM(data []byte) {
	for len(data) > 0 {
		id, rest, ok := elementID(data)
		if !ok {
			return
		}
		size, known, rest, ok := elementSize(rest)
		if !ok {
			return
		}
		if isMaster(id) || id == idAudio && known {
			data = rest
			continue
		}
		if !known || size > uint64(len(rest)) {
			return
		}
		whole := data[:len(data)-len(rest)+int(size)] //nolint:gosec // size is within the file
		body := rest[:size]
		switch {
		case !slices.Contains(webmKept, id):
			void(whole)
		case id == idMuxingApp || id == idWritingApp: // mandatory, but may be empty
			clear(body)
		case id == idCodecPrivate:
			clearVorbis(body)
		}
		data = rest[size:]
	}
}

// void turns an element of at least two bytes into a Void element.
func void(element []byte) {
	clear(element)
	element[0] = idVoid
	if length := len(element) - 2; length < 0x7F {
		element[1] = 0x80 | byte(length) //nolint:gosec // less than 0x7F
		return
	}
	binary.BigEndian.PutUint64(element[1:], uint64(len(element)-9)) //nolint:gosec // a file's length
	element[1] = 0x01
}

// clearVorbis clears the comments in Vorbis's three headers, which have Xiph lacing: the count minus one, the
// lengths of all but the last, then the headers. The comment header (Vorbis I, 5.2.1) keeps its length: a
// vendor string of zeros fills it.
func clearVorbis(body []byte) {
	const opening, least = "\x03vorbis", 7 + 4 + 4 + 1
	if len(body) < 1 || body[0] != 2 {
		return
	}
	rest := body[1:]
	var lengths [2]int
	for i := range lengths {
		for {
			if len(rest) == 0 {
				return
			}
			b := rest[0]
			rest = rest[1:]
			lengths[i] += int(b)
			if b != 0xFF {
				break
			}
		}
	}
	if lengths[0]+lengths[1] > len(rest) {
		return
	}
	comments := rest[lengths[0] : lengths[0]+lengths[1]]
	if len(comments) < least || !bytes.HasPrefix(comments, []byte(opening)) {
		return
	}
	clear(comments[len(opening):])
	binary.LittleEndian.PutUint32(comments[len(opening):], uint32(len(comments)-least)) //nolint:gosec // within 2 MiB
	comments[len(comments)-1] = 1
}
