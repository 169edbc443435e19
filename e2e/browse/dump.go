package browse

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Dump writes what explains a failure to dir: NAME.console.txt, NAME.wire.txt and NAME.png.
func (p *Page) Dump(dir, name string) error {
	name = strings.NewReplacer("/", "-", " ", "_", ":", "_").Replace(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var console strings.Builder
	for _, m := range p.Console() {
		console.WriteString(m.Time.Format("15:04:05.000 ") + m.String() + "\n")
	}
	frames := p.Wire()
	return errors.Join(
		os.WriteFile(filepath.Join(dir, name+".console.txt"), []byte(console.String()), 0o644),
		os.WriteFile(filepath.Join(dir, name+".wire.txt"), []byte(Transcript(frames[max(0, len(frames)-500):])), 0o644),
		p.Screenshot(filepath.Join(dir, name+".png")),
	)
}
