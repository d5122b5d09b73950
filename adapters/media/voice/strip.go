package voice

import "slices"

// Strip returns the sound of a file that Probe has passed, without what else its
// recorder or its owner wrote into it: names, titles, places, times, pictures. What is
// kept is listed, by container; what is not known goes. Lengths and places inside MP4
// and WebM stay as they were, so that tables of offsets keep their meaning: what goes
// is overwritten with zeros and marked as free. data is not changed.
func Strip(data []byte) []byte {
	switch Sniff(data) {
	case MP3:
		return stripMP3(data)
	case M4A:
		out := slices.Clone(data)
		stripMP4(out)
		return out
	case WebM:
		out := slices.Clone(data)
		stripWebM(out)
		return out
	}
	return nil
}

// stripMP3 keeps the frames alone.
func stripMP3(data []byte) []byte {
	out := make([]byte, 0, len(data))
	_ = mp3Frames(data, func(frame []byte, _ mp3Frame) { out = append(out, frame...) }) // Probe has passed it
	return out
}
