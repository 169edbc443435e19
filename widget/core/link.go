package core

import (
	"errors"

	"gocomm/widget"
)

// TraitRef refers to one trait of a model's widget, for a [Link] or a [DirectionalLink].
func TraitRef(m interface{ Ref() widget.Ref }, trait string) [2]string {
	return [2]string{string(m.Ref()), trait}
}

func (s *Link) check() error            { return checkEnds("Link", s.Source, s.Target) }
func (s *DirectionalLink) check() error { return checkEnds("DirectionalLink", s.Source, s.Target) }

func checkEnds(name string, source, target [2]string) error {
	for i, end := range [][2]string{source, target} {
		if widget.Ref(end[0]).ID() == "" || end[1] == "" {
			return errors.New(name + "." + [...]string{"Source", "Target"}[i] + " refers to no trait of a widget: make it with TraitRef")
		}
	}
	return nil
}
