package jupyter

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// waitReady returns when the server answers a request, and fails when its process ends before.
func (s *Server) waitReady(ctx context.Context) error {
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		select {
		case <-s.ended:
			err := fmt.Errorf("the server ended (%v) before it answered; its last lines:\n%s", s.exit, s.log)
			if strings.Contains(s.log.String(), "already in use") {
				return fmt.Errorf("%w: %w", ErrPortTaken, err)
			}
			return err
		case <-ctx.Done():
			return fmt.Errorf("no answer from %s%s (%w; last try: %v); the server's last lines:\n%s", s.URL(), s.layout.ready, context.Cause(ctx), last, s.log)
		case <-tick.C:
		}
		if last = s.status(ctx, client); last == nil {
			return nil
		}
	}
}

func (s *Server) status(ctx context.Context, client *http.Client) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+s.layout.ready, nil)
	if err != nil {
		return err
	}
	if s.layout.Token != "" {
		r.Header.Set("Authorization", "token "+s.layout.Token)
	}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", response.Status)
	}
	return nil
}
