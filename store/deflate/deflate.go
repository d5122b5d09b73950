// Package deflate compresses the bodies of finished submissions against a dictionary of what they have in common.
package deflate

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// dictionary has what bodies of finished submissions have in common: the words of answers, then the CBOR around
// them, most frequent last. Stored values depend on it: it never changes.
const dictionary = "感谢您的反映，请问具体位置在哪里？我们委员已到现场查看，已经联系村委会、镇政府和相关部门，" +
	"游客在景区码头停车场农家乐反映的消费、收费、卫生问题，商户已退款并道歉。群众反映的道路、水电、邻里纠纷，" +
	"正在协调处理，问题已解决，如有问题请随时联系我们。" +
	"jsuggestionginquirydhelpgdisputehbusinessjimpossiblefmergedhreferredfagreed" +
	"hmessageshwithdrawfreopenfassignhtransferfreturnbamedqa\xf5bhofreviewiuncheckedhinactive" +
	"village=sector=文化旅游工商联经济农业教育医药卫生expertise=gscannedddutydroomdload" +
	"as`at\x1b\x00\x00\x01\x9fakicomplaintacavhresidentavgtouristaxxap\x81qaw" +
	"al\xa4ataa\xfb@Ao\xfb@Yacegcj02ag\xa2dkinddroombidb" +
	"ag\xa1dkindgstationag\xa2dkindeplacebidbag\xa2dkindfmemberbidb" +
	"ahxk1.bhmk138****an\xf5ab\xa2anaraa\xa2anapam\x19ad\xa3ac\x83\xa4ambman委员as\x18ar\x82" +
	"ap\x81\xa3ambanawdawayar\x01av\x01ae\x82\xa4at\x1b\x00\x00\x01\x9fawcaskab\xa3argvisitorai" +
	"at\x1b\x00\x00\x01\x9fawfacceptab\xa3argliaisonaibl" +
	"at\x1b\x00\x00\x01\x9fawereplyab\xa3arfmemberaibman委员axx" +
	"\xa5at\x1b\x00\x00\x01\x9fawecloseab\xa3arfmemberaibman委员axxaoiexplained" +
	"aofsolvedbct\x1b\x00\x00\x01\x9far\xa4as\xf5aa\x05ad\x05at\x1b\x00\x00\x01\x9fbpm\x81bm"

// maxInflated bounds the size of a body: a full thread is below 4 MB.
const maxInflated = 16 << 20

var errHuge = errors.New("deflate: a body grew beyond all reason")

// deflaters are pooled, because a new one costs hundreds of kilobytes.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriterDict(io.Discard, flate.DefaultCompression, []byte(dictionary))
	if err != nil { // only for a level that does not exist
		panic(err)
	}
	return w
}}

// Deflate compresses; the result may be longer than raw.
func Deflate(raw []byte) ([]byte, error) {
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

// Inflate reverses Deflate.
func Inflate(small []byte) ([]byte, error) {
	r := flate.NewReaderDict(bytes.NewReader(small), []byte(dictionary))
	raw, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
	if err == nil && len(raw) > maxInflated {
		err = errHuge
	}
	return raw, err
}
