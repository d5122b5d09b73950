package voice

import (
	"encoding/binary"
	"slices"
)

// mp4Kept has the boxes that are kept, by their parent ("" is the file): what a player needs to find and decode
// sound (ISO/IEC 14496-12). All others, such as udta, meta, ilst and uuid, describe the sound.
var mp4Kept = map[string][]string{
	"":     {"ftyp", "styp", "sidx", "moov", "moof", "mdat", "mfra"},
	"moov": {"mvhd", "trak", "mvex"},
	"mvex": {"mehd", "trex"},
	"trak": {"tkhd", "edts", "mdia"},
	"edts": {"elst"},
	"mdia": {"mdhd", "hdlr", "minf"},
	"minf": {"smhd", "nmhd", "dinf", "stbl"},
	"dinf": {"dref"},
	"stbl": {"stsd", "stts", "ctts", "stsc", "stsz", "stz2", "stco", "co64", "stss", "sgpd", "sbgp", "sdtp"},
	"moof": {"mfhd", "traf"},
	"traf": {"tfhd", "tfdt", "trun", "sgpd", "sbgp", "sdtp"},
	"mfra": {"tfra", "mfro"},
}

// stripMP4 frees the boxes that are not kept, and clears what kept boxes contain beside their purpose.
func stripMP4(data []byte) { stripBoxes("", data) }

func stripBoxes(parent string, data []byte) {
	_ = boxes(data, func(kind, body []byte) error { // Probe has accepted the ones that are kept
		name := string(kind)
		if !slices.Contains(mp4Kept[parent], name) {
			copy(kind, "free")
			clear(body)
			return nil
		}
		if mp4Kept[name] != nil {
			stripBoxes(name, body)
			return nil
		}
		clearMP4(name, body)
		return nil
	})
}

// clearMP4 clears the times of recording, the handler's name, and references to other files.
func clearMP4(kind string, body []byte) {
	const version = 4 // and flags
	switch kind {
	case "mvhd", "tkhd", "mdhd":
		times := 8
		if len(body) > 0 && body[0] == 1 {
			times = 16
		}
		clear(body[min(version, len(body)):min(version+times, len(body))])
	case "hdlr":
		clear(body[min(24, len(body)):])
	case "dref":
		_ = boxes(body[min(8, len(body)):], func(_, entry []byte) error {
			if len(entry) >= version {
				binary.BigEndian.PutUint32(entry, 1) // the sound is in this file
				clear(entry[version:])
			}
			return nil
		})
	}
}
