package jupyter

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	startLimit = 2 * time.Minute  // the first start of a new environment compiles its Python files
	stopLimit  = 20 * time.Second // a server ends its kernels first, and waits for each
	attempts   = 3                // ports tried when the system's choice is taken by another before the server has it
)

// Server is a running Jupyter server. Its methods may be called from several goroutines.
type Server struct {
	layout *layout
	port   int
	root   string // the isolated folders
	cmd    *exec.Cmd
	log    *tail
	ended  chan struct{} // closed when the process has ended
	exit   error         // why; readable after ended

	stop    sync.Once
	stopErr error
}

// Start starts a server and returns when it answers requests. The context bounds the start only: the server runs until Stop,
// or until this process ends (on Linux, even when it is killed).
func Start(ctx context.Context, c Config) (*Server, error) {
	l, err := c.resolve()
	if err != nil {
		return nil, err
	}
	return l.run(ctx)
}

// run starts what a layout says, on one port after the other when it may choose.
func (l *layout) run(ctx context.Context) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for n := 1; ; n++ {
		s, err := start(ctx, l)
		if err == nil {
			return s, nil
		}
		if l.Port == 0 && n < attempts && errors.Is(err, ErrPortTaken) {
			continue
		}
		return nil, fmt.Errorf("jupyter: starting %s: %w", l.name, err)
	}
}

func start(ctx context.Context, l *layout) (*Server, error) {
	port, err := choosePort(l.Port)
	if err != nil {
		return nil, err
	}
	root, err := os.MkdirTemp("", "gocomm-jupyter-")
	if err != nil {
		return nil, err
	}
	s := &Server{layout: l, port: port, root: root, log: &tail{}, ended: make(chan struct{})}
	env, err := isolate(root, l)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(root))
	}
	s.cmd = exec.Command(l.executable, append(slices.Clip(l.args), l.portFlag+strconv.Itoa(port))...)
	s.cmd.Dir = l.Dir
	s.cmd.Env = env
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.WaitDelay = 2 * time.Second // a kernel holds the same pipe, and may outlive its server by a second
	ownGroup(s.cmd)

	started := make(chan error, 1)
	// Owned by the server; ends with the process.
	go func() {
		runtime.LockOSThread() // the system ends the child with the thread that started it, so that thread must stay
		err := s.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		s.exit = s.cmd.Wait()
		close(s.ended)
	}()
	if err := <-started; err != nil {
		return nil, errors.Join(err, os.RemoveAll(root))
	}
	if err := s.waitReady(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// URL is the server's base URL, without a trailing slash.
func (s *Server) URL() string { return "http://127.0.0.1:" + strconv.Itoa(s.port) }

// NotebookURL is the address of a notebook's page; path is relative to Config.Dir, with slashes.
func (s *Server) NotebookURL(path string) string {
	u, query := url.URL{Path: s.layout.notebooks + strings.TrimPrefix(path, "/")}, url.Values{}
	if s.layout.Token != "" {
		query.Set("token", s.layout.Token)
	}
	if s.layout.Host == Lab {
		query.Set("reset", "") // else it opens what was open before as well
	}
	u.RawQuery = query.Encode()
	return s.URL() + u.String()
}

// Dir is the absolute path of the folder whose notebooks are served.
func (s *Server) Dir() string { return s.layout.Dir }

// LogTail is the end of what the server has printed so far.
func (s *Server) LogTail() string { return s.log.String() }

// Done is closed when the server's process has ended, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.ended }

// Stop ends the server and its kernels, and removes its isolated folders. It may be called repeatedly; every call returns the
// first one's result, after the server has ended.
func (s *Server) Stop() error {
	s.stop.Do(func() {
		if !s.endGroup() {
			s.stopErr = fmt.Errorf("jupyter: the server (process %d) does not end", s.cmd.Process.Pid)
		}
		s.stopErr = errors.Join(s.stopErr, os.RemoveAll(s.root))
	})
	return s.stopErr
}

// endGroup asks the server's process group to end, and ends it by force when it does not.
func (s *Server) endGroup() bool {
	terminateGroup(s.cmd.Process)
	select {
	case <-s.ended:
		killGroup(s.cmd.Process) // what the server left of its group
		return true
	case <-time.After(stopLimit):
	}
	killGroup(s.cmd.Process)
	select {
	case <-s.ended:
		return true
	case <-time.After(stopLimit):
		return false
	}
}
