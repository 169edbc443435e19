package core

import (
	"errors"
	"strconv"
)

// What the widgets with options have in common.

// labelOf gives the label of an index, or "".
func labelOf(options []string, index *int) string {
	if index == nil || *index < 0 || *index >= len(options) {
		return ""
	}
	return options[*index]
}

func labelsOf(options []string, indexes []int) []string {
	labels := make([]string, 0, len(indexes))
	for _, i := range indexes {
		if i >= 0 && i < len(options) {
			labels = append(labels, options[i])
		}
	}
	return labels
}

// selectAt sets an index to that of a label.
func selectAt(options []string, label string, index *int) bool {
	for i, option := range options {
		if option == label {
			*index = i
			return true
		}
	}
	return false
}

// selectOne is selectAt for an index that may be nil. What it pointed to stays: it may be another state's.
func selectOne(options []string, label string, index **int) bool {
	at := new(int)
	found := selectAt(options, label, at)
	if found {
		*index = at
	}
	return found
}

func selectAll(options, labels []string, indexes *[]int) bool {
	all := make([]int, len(labels))
	for i, label := range labels {
		if !selectAt(options, label, &all[i]) {
			return false
		}
	}
	*indexes = all
	return true
}

func selectRange(options []string, from, to string, index *[2]int) bool {
	var pair [2]int
	found := selectAt(options, from, &pair[0]) && selectAt(options, to, &pair[1])
	if found {
		*index = pair
	}
	return found
}

// selectFirst selects the first option where none is, as Python does.
func selectFirst(options []string, index **int) {
	if *index == nil && len(options) > 0 {
		*index = new(int)
	}
}

func checkOne(name string, options []string, index *int) error {
	if index == nil {
		return nil
	}
	return checkOptions(name, options, []int{*index}, false)
}

// checkOptions gives an error for what Python refuses.
func checkOptions(name string, options []string, indexes []int, nonEmpty bool) error {
	if nonEmpty && len(options) == 0 {
		return errors.New(name + ".Options is empty: it needs at least one")
	}
	for _, i := range indexes {
		if i < 0 || i >= len(options) {
			return errors.New(name + ".Index is " + strconv.Itoa(i) + ", but there are " + strconv.Itoa(len(options)) + " options")
		}
	}
	return nil
}
