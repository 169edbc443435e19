package main

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// pictures are those of the documents, each with the picture that a test or the demo has made, and the part of it that is shown.
var pictures = []struct {
	name, from string
	part       image.Rectangle
}{
	{"notebook.png", "dist/e2e/examples/counter-h1-light.png", image.Rect(130, 87, 1270, 638)},
	{"counter.png", "dist/e2e/examples/counter-lab-light.png", image.Rect(290, 34, 1362, 419)},
	{"stream.png", "dist/e2e/examples/stream-h1-light.png", image.Rect(150, 235, 1250, 648)},
	{"greeter.png", "dist/e2e/examples/comm-project-lab.png", image.Rect(290, 34, 1362, 449)},
	{"react.png", "dist/e2e/examples/react-lab-light.png", image.Rect(290, 34, 1362, 570)},
	{"dashboard.png", "dist/e2e/examples/dashboard-lab-light.png", image.Rect(290, 258, 1362, 658)},
	{"longrun.png", "dist/e2e/examples/longrun-h1.png", image.Rect(130, 218, 1270, 850)},
	{"cookbook.png", "dist/demo/notebook.png", image.Rect(90, 855, 1010, 1455)},
}

// runPictures renews docs/images, or those of the names given.
func runPictures(ctx context.Context, root string, args []string) error {
	for _, p := range pictures {
		if len(args) > 0 && !slices.Contains(args, p.name) {
			continue
		}
		from, err := os.Open(filepath.Join(root, p.from))
		if err != nil {
			return fmt.Errorf("%w\nmake the pictures first, with `make test` and `make demo-headless`", err)
		}
		made, err := png.Decode(from)
		from.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", p.from, err)
		}
		to, err := os.Create(filepath.Join(root, "docs", "images", p.name))
		if err != nil {
			return err
		}
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(to, small(made, p.part)); err != nil {
			return err
		}
		info, err := to.Stat()
		if err != nil {
			return err
		}
		if err := to.Close(); err != nil {
			return err
		}
		say("docs/images/%s: %d KB", p.name, info.Size()>>10)
	}
	return nil
}

// small is a part of a picture with 256 colours: a page of text has few, and a shade that is rare becomes the nearest of them.
func small(of image.Image, part image.Rectangle) image.Image {
	part = part.Intersect(of.Bounds())
	count := map[color.RGBA]int{}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			count[color.RGBAModel.Convert(of.At(x, y)).(color.RGBA)]++
		}
	}
	common := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range common[:min(256, len(common))] {
		palette = append(palette, c)
	}
	to := image.NewPaletted(part.Sub(part.Min), palette)
	draw.Draw(to, to.Rect, of, part.Min, draw.Src)
	return to
}
