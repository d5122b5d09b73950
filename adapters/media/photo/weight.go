package photo

// MaxScans is the most passes a progressive JPEG's pixels may be stored in. Encoders
// write about ten; each costs the decoder a walk over all pixels.
const MaxScans = 100

// mostScans is the most passes of this file: in a sequential JPEG each component is
// stored once.
func (m *metadata) mostScans() int {
	if m.progressive {
		return MaxScans
	}
	return maxComponents
}

// Memory that the decoders take, in bytes.
const (
	fixedBytes = 1 << 20 // what all need whatever the size: windows, tables, buffers

	coefficientBytes = 4 // of a sample, kept to the end of a progressive JPEG
	foreignBytes     = 4 // of a pixel that is not Y'CbCr, converted at the end

	lossyTenths    = 16 // tenths of a byte a pixel of lossy WebP: Y'CbCr 4:2:0 and filters
	alphaBytes     = 9  // of a pixel of WebP's transparency: itself, and a lossless picture's
	losslessBytes  = 8  // of a pixel of lossless WebP: before and after colours are looked up
	treesBytes     = 8 << 20
	treesPerByte   = 256       // Huffman trees: at most so much for a byte of the file,
	mostTreesBytes = 140 << 20 // and 2600 groups of five in all
)

// memoryNeeded estimates the most memory that Render holds at one time: what the decoder
// takes, the result, and rows in between.
func (h Header) memoryNeeded(m metadata) int64 {
	pixels := int64(h.Width) * int64(h.Height)
	width, height := Fit(h.Width, h.Height, h.side, minReadableSide)
	weight := int64(fixedBytes) + 3*(int64(width)+1)*(int64(height)+1)/2 + rowBytes*int64(h.Width)
	switch h.Kind {
	case JPEG:
		samples := m.samples(h.Width, h.Height)
		weight += samples
		if m.progressive {
			weight += coefficientBytes * samples
		}
		if m.needsConversion() {
			weight += foreignBytes * pixels
		}
	case WebP:
		if m.lossless > 0 {
			weight += losslessBytes*pixels + trees(m.lossless)
		} else {
			weight += lossyTenths*pixels/10 + m.lossy
		}
		if m.alpha > 0 {
			weight += alphaBytes*pixels + trees(m.alpha)
		}
	case PNG:
		weight += h.png.memoryNeeded()
	}
	return weight
}

// trees is the most memory of the Huffman trees in size bytes of lossless WebP.
func trees(size int64) int64 {
	return min(treesBytes+treesPerByte*size, mostTreesBytes)
}

// samples is the bytes of a JPEG's components, each in whole blocks of whole units.
func (m *metadata) samples(width, height int) int64 {
	if len(m.components) == 1 {
		return roundUp(width, 8) * roundUp(height, 8)
	}
	var across, down int
	for _, c := range m.components {
		across, down = max(across, c.across), max(down, c.down)
	}
	if across == 0 || down == 0 {
		return 0
	}
	units := roundUp(width, 8*across) / int64(8*across) * (roundUp(height, 8*down) / int64(8*down))
	var sum int64
	for _, c := range m.components {
		sum += units * int64(64*c.across*c.down)
	}
	return sum
}

// roundUp is the least multiple of step that is not below n.
func roundUp(n, step int) int64 { return int64((n + step - 1) / step * step) }

// needsConversion says whether a JPEG's colours are converted as a whole at the end: it is
// printed matter's CMYK, or RGB.
func (m *metadata) needsConversion() bool {
	if len(m.components) != 3 {
		return len(m.components) > 3
	}
	rgb := m.components[0].id == 'R' && m.components[1].id == 'G' && m.components[2].id == 'B'
	return rgb || m.adobeRGB
}

// least is the fewest bytes a whole file of this kind and size can have. It is a
// bound of the format, not a guess: a JPEG spends a bit or more on each block of 64
// pixels, and what a PNG's rows take is not shrunk to less than a 1032nd.
func (h Header) least() int64 {
	switch h.Kind {
	case JPEG:
		return int64(h.Width) * int64(h.Height) / 64 / 8
	case PNG:
		return h.png.rowLen(h.Width) * int64(h.Height) / 1032
	default:
		return 0
	}
}
