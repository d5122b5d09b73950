package photo

import "io"

// Rows decodes all rows for tests, three bytes a pixel.
func Rows(r io.ReaderAt, size int64, h Header) ([]byte, error) {
	source, err := h.rows(r, size)
	if err != nil {
		return nil, err
	}
	var out []byte
	row := make([]byte, 3*h.Width)
	for range h.Height {
		if err := source.row(row); err != nil {
			return nil, err
		}
		out = append(out, row...)
	}
	return out, nil
}
