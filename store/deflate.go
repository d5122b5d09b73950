package store

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// dictionary is what bodies of finished submissions have in common. Values
// were written with it: it never changes.
const dictionary = "complaintsuggestioninquiryhelpdisputeresidenttouristbusinessreferredimpossiblemerged" +
	"messageswithdrawreopenassigntransferreturnliaisondutyroomloadexpertise=village=sector=文化旅游" +
	"您反映的情况已收到，感谢您的反映。请问具体位置在哪里？已经联系相关部门现场查看，已转交处理，" +
	"如有问题请随时联系我们。委员村委会游客停车场商户农家乐消费维权邻里纠纷，问题已解决，" +
	"dkindfstationdkinddroombiddkindeplacebiddkindfmemberbidanscannedas" +
	"atbwfacceptabarfmemberaibbwcaskabarfmemberaibaxbwereplyabarfmemberaibaxbwecloseabarfmemberaibaxaofsolvedagreedexplained"

// inflateMost bounds what a body grows to: a full thread is below 4 MB.
const inflateMost = 16 << 20

var errHuge = errors.New("store: a body grew beyond all reason")

// deflaters are kept: a new one costs hundreds of kilobytes.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriterDict(io.Discard, flate.DefaultCompression, []byte(dictionary))
	if err != nil { // only for a level that does not exist
		panic(err)
	}
	return w
}}

// deflate compresses; the result may be longer than raw.
func deflate(raw []byte) ([]byte, error) {
	w, _ := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	var out bytes.Buffer
	out.Grow(len(raw))
	w.Reset(&out)
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// inflate undoes deflate.
func inflate(small []byte) ([]byte, error) {
	r := flate.NewReaderDict(bytes.NewReader(small), []byte(dictionary))
	raw, err := io.ReadAll(io.LimitReader(r, inflateMost+1))
	if err == nil && len(raw) > inflateMost {
		err = errHuge
	}
	return raw, err
}
