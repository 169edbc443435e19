package jupyter

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// ErrPortTaken is in the chain of Start's error when another program listens on the port.
var ErrPortTaken = errors.New("port is in use by another program")

// choosePort returns a port that is free now: the wanted one, or any when that is 0.
func choosePort(want int) (int, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(want)))
	if err != nil {
		if want == 0 {
			return 0, fmt.Errorf("no free port on 127.0.0.1: %w", err)
		}
		return 0, fmt.Errorf("%w: 127.0.0.1:%d (%w)", ErrPortTaken, want, err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
