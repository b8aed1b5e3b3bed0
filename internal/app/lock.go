package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/jinyang-city/jinyang/internal/city"
)

// lock keeps other processes from writing to a data folder. The operating
// system frees it when the process ends, however it ends.
type lock struct{ f *os.File }

func acquire(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, city.Outside(err, "cannot open the data folder's lock")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder := describeHolder(f)
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, city.Errorf("busy.data", "the data folder is in use by %s", holder).At(strings.TrimSuffix(path, "/lock")).
				WithHint("stop it first, or hand the file to it: POST /api/v1/deliveries")
		}
		return nil, city.Outside(err, "cannot lock the data folder")
	}
	l := &lock{f}
	if err := l.say(fmt.Sprintf("process %d (%s)", os.Getpid(), strings.Join(os.Args[:min(2, len(os.Args))], " "))); err != nil {
		return nil, errors.Join(err, l.release())
	}
	return l, nil
}

// say writes who holds the lock, for those who find it taken.
func (l *lock) say(who string) error {
	err := l.f.Truncate(0)
	if err == nil {
		_, err = l.f.WriteAt([]byte(who+"\n"), 0)
	}
	if err != nil {
		return city.Outside(err, "cannot write the data folder's lock")
	}
	return nil
}

func describeHolder(f *os.File) string {
	b, err := io.ReadAll(io.LimitReader(f, 200))
	if who := strings.TrimSpace(string(b)); err == nil && who != "" {
		return who
	}
	return "another process"
}

func (l *lock) release() error { return l.f.Close() }
