package voice

import "slices"

// Strip returns the sound of a file that Probe has accepted, without anything else that its recorder or its
// owner wrote into it: names, titles, places, times, pictures. Each container has a list of what is kept;
// everything else is removed. In MP4 and WebM it is overwritten with zeros and marked as free, so that lengths
// and offsets stay valid. data is not changed.
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

// stripMP3 keeps only the frames.
func stripMP3(data []byte) []byte {
	out := make([]byte, 0, len(data))
	_ = mp3Frames(data, func(frame []byte, _ mp3Frame) { out = append(out, frame...) }) // Probe has accepted it
	return out
}
