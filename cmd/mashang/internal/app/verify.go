package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mashang/adapters/media"
	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/store"
)

// Verify checks all data, also while a server writes: every record against its tag, every list against the
// records, counts, encrypted fields, rosters, and the files of uploads against the store. It changes nothing.
type Verify struct {
	Config config.Config
	Log    *slog.Logger
	Out    io.Writer
	// Progress is a terminal for the progress; nil for none.
	Progress io.Writer
}

// Run verifies; the fault is Invalid when something is wrong.
func (v Verify) Run(ctx context.Context) (err error) {
	if err := holdsData(v.Config, "核对"); err != nil {
		return err
	}
	back, err := connect(ctx, v.Config, true, v.Log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back.Close(context.WithoutCancel(ctx))) }()
	ring, err := openKeysReadOnly(ctx, v.Config, back, v.Log)
	if err != nil {
		return err
	}
	var progress func(done, total int)
	if v.Progress != nil {
		progress = func(done, total int) { say(v.Progress, "\r已核对 %d/%d 件", done, total) }
	}
	report, err := verifyAll(ctx, v.Config, back, ring, true, progress)
	if err != nil {
		return err
	}
	if v.Progress != nil {
		say(v.Progress, "\n")
	}
	return printReport(v.Out, report)
}

// printReport prints the findings; the fault is Invalid if something is wrong.
func printReport(out io.Writer, report store.Report) error {
	for _, line := range report.Faults {
		say(out, "✗ %s\n", line)
	}
	if n := len(report.Faults) + report.More; n > 0 {
		return fault.New(fault.Invalid, "核对发现 %d 处问题：请按 docs/operation.md“一条记录坏了”处理，用备份恢复", n)
	}
	say(out, "✓ %d 个站点、%d 件诉求逐件核对封签和列表，加密字段全部可以打开，%d 个附件完好\n",
		report.Stations, report.Submissions, report.Uploads)
	return nil
}

// verifyAll checks everything. With whole it reads the files of uploads, otherwise it checks that they exist.
func verifyAll(ctx context.Context, cfg config.Config, back *managedStore, ring *seal.Keyring, whole bool, progress func(done, total int)) (store.Report, error) {
	shown := map[string]string{} // upload -> a submission that shows it
	v := store.Verification{
		Submission: func(s casework.Submission) error {
			for _, id := range s.Photos {
				shown[id] = s.ID
			}
			for i := range s.Thread {
				for _, id := range s.Thread[i].Photos {
					shown[id] = s.ID
				}
			}
			if s.Voice != "" {
				shown[s.Voice] = s.ID
			}
			return errors.Join(opens(ring, s), ctx.Err())
		},
		Progress: progress,
	}
	dir := uploadsDir(cfg)
	there := uploadsThere(dir) == nil
	if there {
		files, err := openMedia(cfg)
		if err != nil {
			return store.Report{}, err
		}
		v.Upload = func(id, hash string) error {
			delete(shown, id)
			return errors.Join(lookAt(files, hash, whole), ctx.Err())
		}
	}
	report, err := back.Verify(ctx, v)
	if err != nil {
		return report, err
	}
	if !there && report.Uploads > 0 {
		report.Add("%s", fault.Message(uploadsThere(dir)))
	}
	if there {
		if err := unrecorded(ctx, back, &report, shown); err != nil {
			return report, err
		}
	}
	err = rosters(ctx, back, ring, &report)
	return report, err
}

// unrecorded reports uploads that a submission shows but the store does not know.
func unrecorded(ctx context.Context, back *managedStore, report *store.Report, shown map[string]string) error {
	for _, upload := range slices.Sorted(maps.Keys(shown)) {
		if _, err := back.Upload(ctx, upload); !fault.Is(err, fault.NotFound) {
			if fault.Is(err, fault.Unavailable) {
				return err
			}
			continue // it came meanwhile, or was already reported
		}
		if s, err := back.Load(ctx, shown[upload]); err == nil && s.HasUpload(upload) {
			report.Add("诉求 %s：附件 %s 没有记录", s.ID, upload)
		}
	}
	return nil
}

func lookAt(files *media.Store, hash string, whole bool) error {
	if whole {
		return files.Verify(hash)
	}
	for _, variant := range []string{media.VariantPhoto, media.VariantVoice} {
		f, _, _, err := files.Read(hash, variant)
		if err == nil {
			return f.Close()
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return fault.New(fault.NotFound, "文件不在 uploads 目录里")
}

func uploadsDir(cfg config.Config) string { return filepath.Join(cfg.Data.Dir, "uploads") }

// uploadsThere returns the fault of a missing folder of uploads.
func uploadsThere(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && info.IsDir() {
		return nil
	}
	return refuse("存放照片和录音的目录 %s 不见了：请把它放回，或从备份恢复；确实不要了，请建一个同名的空目录再启动", dir)
}

// uploadsKept refuses a store with uploads whose folder is missing, before an empty one is created.
func uploadsKept(ctx context.Context, cfg config.Config, back *managedStore) error {
	if _, err := os.Stat(uploadsDir(cfg)); !errors.Is(err, fs.ErrNotExist) {
		return nil // media.Open reports other faults
	}
	some, err := back.HasUploads(ctx)
	if err != nil || !some {
		return err
	}
	return uploadsThere(uploadsDir(cfg))
}

// ready checks that a write is acknowledged and that the uploads have their folder.
func (p *product) ready(ctx context.Context) error {
	return errors.Join(p.back.Healthy(ctx), uploadsThere(uploadsDir(p.cfg)))
}

// The hour of the nightly verification, in the station's zone.
const nightlyHour = 3

// nightly removes deleted data from Redis' files and verifies all data, once a night.
func (p *product) nightly(ctx context.Context) {
	for {
		now := time.Now().In(station.Zone)
		next := time.Date(now.Year(), now.Month(), now.Day(), nightlyHour, 30, 0, 0, station.Zone)
		if !next.After(now) {
			next = next.AddDate(0, 0, 1)
		}
		timer := time.NewTimer(next.Sub(now))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
			p.eraseFiles(ctx)
			p.verifyNow(ctx)
		}
	}
}

// verifyNow verifies and reports the result to the log and the metrics.
func (p *product) verifyNow(ctx context.Context) {
	began := time.Now()
	report, err := verifyAll(ctx, p.cfg, p.back, p.ring, true, nil)
	if err != nil && ctx.Err() != nil {
		return // the server stops
	}
	faults := len(report.Faults) + report.More
	for _, line := range report.Faults {
		p.log.ErrorContext(ctx, "damaged data", slog.String("what", line))
	}
	if err != nil {
		p.verified.faults.Store(int64(max(faults, 1)))
		p.log.ErrorContext(ctx, "the data could not be verified", slog.String("advice", fault.Message(err)), slog.Any("err", err))
		return
	}
	p.verified.faults.Store(int64(faults))
	p.verified.at.Store(time.Now().Unix())
	p.log.InfoContext(ctx, "data verified", slog.Int("submissions", report.Submissions), slog.Int("uploads", report.Uploads),
		slog.Int("faults", faults), slog.Duration("took", time.Since(began)))
}

// verified is the result of the last verification, for the metrics.
type verified struct{ faults, at atomic.Int64 }

var (
	verifyFaults = prometheus.NewDesc("mashang_verify_faults", "How many faults the last nightly look at the data found; at least 1 when it could not be finished.", nil, nil)
	verifyTime   = prometheus.NewDesc("mashang_verify_timestamp_seconds", "When the data were last looked at; no figure before the first time.", nil, nil)
)

// Describe implements prometheus.Collector.
func (*verified) Describe(ch chan<- *prometheus.Desc) {
	ch <- verifyFaults
	ch <- verifyTime
}

// Collect implements prometheus.Collector.
func (v *verified) Collect(ch chan<- prometheus.Metric) {
	at, faults := v.at.Load(), v.faults.Load()
	if at > 0 || faults > 0 {
		ch <- prometheus.MustNewConstMetric(verifyFaults, prometheus.GaugeValue, float64(faults))
	}
	if at > 0 {
		ch <- prometheus.MustNewConstMetric(verifyTime, prometheus.GaugeValue, float64(at))
	}
}

// verify checks the data without reading the whole files of uploads.
func (d *Doctor) verify(ctx context.Context, back *managedStore, ring *seal.Keyring) {
	mark, err := back.Mark(ctx)
	if err != nil || mark.ID == "" || mark.Reached() < store.Format {
		return // reported elsewhere
	}
	back.Seal(ring, mark)
	report, err := verifyAll(ctx, d.Config, back, ring, false, nil)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded):
		d.Warn("数据太多，没有逐件核对完：请运行 mashang verify")
	case err != nil:
		d.Fail("逐件核对：%s", fault.Message(err))
	case len(report.Faults) > 0:
		d.Fail("逐件核对：发现 %d 处问题，请按 docs/operation.md“一条记录坏了”处理：", len(report.Faults)+report.More)
		for _, line := range report.Faults[:min(len(report.Faults), 10)] {
			d.Also("%s", line)
		}
	default:
		d.Pass("逐件核对：%d 件诉求的封签和列表相符，%d 个附件都在", report.Submissions, report.Uploads)
	}
}
