package browse

import (
	"encoding/json"
	"fmt"
	"os"
)

// WriteNotebook writes a Python notebook with the given code cells.
func WriteNotebook(path string, cells ...string) error {
	type object = map[string]any
	list := []object{}
	for _, source := range cells {
		list = append(list, object{"cell_type": "code", "execution_count": nil, "metadata": object{}, "outputs": []any{}, "source": source})
	}
	// nbformat 4.4 is the last one without cell ids: old servers read it, new ones convert it.
	b, err := json.MarshalIndent(object{
		"cells": list,
		"metadata": object{
			"kernelspec":    object{"display_name": "Python 3", "language": "python", "name": "python3"},
			"language_info": object{"name": "python"},
		},
		"nbformat": 4, "nbformat_minor": 4,
	}, "", " ")
	if err != nil {
		return fmt.Errorf("browse: notebook %s: %w", path, err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("browse: notebook: %w", err)
	}
	return nil
}
