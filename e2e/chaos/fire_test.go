package chaos

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os/exec"
	"syscall"
	"time"
)

// fire shoots at processes.
type fire struct {
	*rand.Rand
	usual map[string]time.Duration // how long what is left alone takes, by kind
}

func newFire(seed uint64) *fire {
	return &fire{Rand: rand.New(rand.NewPCG(seed, 2)), usual: map[string]time.Duration{}}
}

// shot is how a process ended.
type shot struct {
	hit      bool // it was running when it was killed
	armed    bool // it was to kill itself
	code     int  // its exit code
	out, err []byte
}

// moment draws when to kill, from the length of what is killed: anywhere, but
// rather late, for a process begins by reading. known is false before the first
// one has been left alone.
func (f *fire) moment(kind string) (after time.Duration, known bool) {
	usual, ok := f.usual[kind]
	if !ok {
		return never, false
	}
	return time.Duration(math.Sqrt(f.Float64()) * float64(usual)), true
}

// took notes how long something took that was left alone. What comes later
// counts for more, as folders grow.
func (f *fire) took(kind string, d time.Duration) {
	if usual, ok := f.usual[kind]; ok {
		d = (usual + d) / 2
	}
	f.usual[kind] = d
}

// never is a moment that does not come.
const never = time.Duration(1<<63 - 1)

// run runs a process to its end and kills it after a time.
func (f *fire) run(kind string, cmd *exec.Cmd, after time.Duration) (shot, error) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return shot{}, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // the state tells more
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(after):
		_ = cmd.Process.Kill() // it may have ended meanwhile
		<-ended
	}
	s := shot{hit: killed(cmd), code: cmd.ProcessState.ExitCode(), out: out.Bytes(), err: errs.Bytes()}
	if !s.hit && s.code == 0 {
		f.took(kind, time.Since(begun))
	}
	return s, nil
}

// killed says whether an ended process was killed while it ran.
func killed(cmd *exec.Cmd) bool {
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
