package media

import (
	"errors"
	"fmt"

	"mashang/adapters/media/photo"
	"mashang/adapters/media/voice"
	"mashang/domain/fault"
)

// The messages for people. Each says what to do.
const (
	adviceEmpty       = "文件是空的，请重新选择"
	adviceLargePhoto  = "照片超过 %s，请压缩或截图后再上传"
	adviceLargeVoice  = "录音超过 %s，请分几段录，或写成文字"
	adviceCut         = "文件没有传完，请检查网络后重新上传"
	adviceKind        = "这种文件不能上传：照片请用 JPEG、PNG 或 WebP，录音请用 mp3、m4a 或 webm"
	advicePhotoKind   = "照片只能是 JPEG、PNG 或 WebP 格式，请换一张，或截图后再上传"
	adviceHEIC        = "这是 HEIC 格式的照片，暂时不能用。苹果手机请打开“设置→相机→格式”，选“兼容性最佳”后重新拍照；已经拍好的照片，可以截图后上传截图"
	adviceAVIF        = "这是 AVIF 格式的照片，暂时不能用，请截图后上传截图"
	adviceGIF         = "动图（GIF）不能上传，请截图后上传截图"
	advicePhotoBroken = "照片打不开，可能没有传完整，请重新选择或重新拍照"
	adviceScans       = "照片的像素分成了太多遍存放（渐进式 JPEG，最多 %d 遍），请截图后上传截图"
	adviceSlow        = "照片 %d 秒还没有处理完，请截图后上传截图；截图也不行时，请过几分钟再试"
	adviceVoiceKind   = "录音只能是 mp3、m4a 或 webm 格式，请在小程序里重新录音"
	adviceVoiceVideo  = "这是视频，不是录音。请重新录音，或截图后上传照片"
	adviceVoiceBroken = "录音打不开或没有声音，请重新录音"
)

// invalidFile is an Invalid fault about the uploaded file.
func invalidFile(advice string, args ...any) error {
	if len(args) > 0 {
		advice = fmt.Sprintf(advice, args...)
	}
	e := fault.New(fault.Invalid, "%s", advice)
	e.Fields = []fault.Field{{Field: "file", Message: advice}}
	return e
}

// unavailable returns a fault that hides a disk error from the person and keeps it for the log.
func unavailable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "文件暂时存不了，请过几分钟再试，或打电话联系工作站")
}

// notFound is the fault of a file that does not exist.
func notFound() error {
	return fault.New(fault.NotFound, "没有这个文件，它可能已经被删除")
}

// negativeLimit is the fault of a limit below zero.
func negativeLimit() error { return fault.New(fault.Invalid, "上传的各项上限不能是负数") }

// photoFault turns an error of package photo into a fault.
func (s *Store) photoFault(err error, head []byte) error {
	if limit, ok := errors.AsType[*photo.LimitError](err); ok {
		return invalidFile(limitAdvice(limit))
	}
	switch {
	case errors.Is(err, photo.ErrScans):
		return invalidFile(adviceScans, photo.MaxScans)
	case errors.Is(err, photo.ErrBroken):
		return invalidFile(advicePhotoBroken)
	case errors.Is(err, errSlow):
		return invalidFile(adviceSlow, int(s.opts.DecodeTime.Seconds()))
	case !errors.Is(err, photo.ErrKind):
		return unavailable(err)
	}
	switch photo.Sniff(head) {
	case photo.HEIC:
		return invalidFile(adviceHEIC)
	case photo.AVIF:
		return invalidFile(adviceAVIF)
	case photo.GIF:
		return invalidFile(adviceGIF)
	default:
		return invalidFile(advicePhotoKind)
	}
}

// limitAdvice says which limit a photo exceeds, by how much, and what to do.
func limitAdvice(e *photo.LimitError) string {
	const tenThousand = 10_000
	switch e.What {
	case photo.Side:
		return fmt.Sprintf("照片最长的一边有 %d 像素，最多 %d 像素，请分成几张截图后上传", e.Got, e.Max)
	case photo.Pixels:
		// Rounded up and down, so that the two numbers are never equal.
		return fmt.Sprintf("照片有 %d 万像素，最多 %d 万像素，请截图后上传截图", (e.Got+tenThousand-1)/tenThousand, e.Max/tenThousand)
	default:
		return fmt.Sprintf("照片的存储方式（如渐进式 JPEG、无损 WebP）打开时要占 %s 内存，最多 %s，请截图后上传截图",
			megabytes(e.Got+1<<20-1), megabytes(e.Max))
	}
}

// voiceFault turns an error of package voice into a fault.
func voiceFault(err error) error {
	switch {
	case errors.Is(err, voice.ErrKind):
		return invalidFile(adviceVoiceKind)
	case errors.Is(err, voice.ErrVideo):
		return invalidFile(adviceVoiceVideo)
	default:
		return invalidFile(adviceVoiceBroken)
	}
}
