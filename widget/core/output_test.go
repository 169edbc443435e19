package core_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/commmgr/commmgrtest"
	"gocomm/widget/commhost"
	"gocomm/widget/core"
)

// TestOutputsTravelAsNotebooksHaveThem: both ways.
func TestOutputsTravelAsNotebooksHaveThem(t *testing.T) {
	p := open(t, "")
	var kernel *commmgrtest.Comm // the last one: of the area
	var opened commmgrtest.Message
	p.RegisterTarget(commhost.Target, func(c *commmgrtest.Comm, msg commmgrtest.Message) { kernel, opened = c, msg })
	area, err := core.NewOutput(nil, p, core.Output{})
	require.NoError(t, err)
	p.Flush()
	require.Equal(t, []any{}, stateOf(t, opened)["outputs"])

	picture, err := core.DisplayData(map[string]any{"image/png": []byte{1, 2}, "application/json": map[string]int{"a": 1}, "text/plain": "a picture"})
	require.NoError(t, err)
	require.NoError(t, area.Update(func(s *core.Output) {
		s.AppendStdout("one\n")
		s.AppendStdout("two\n")
		s.AppendStderr("oh\n")
		s.AppendStdout("three\n")
		s.AppendHTML(`<b title="x">four</b>`)
		s.Append(picture)
		s.AppendError(errors.New("five"))
	}))
	outputs := stateOf(t, kernel.Await(2)[1])["outputs"]
	require.Equal(t, []any{
		map[string]any{"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"},
		map[string]any{"output_type": "stream", "name": "stderr", "text": "oh\n"},
		map[string]any{"output_type": "stream", "name": "stdout", "text": "three\n"},
		map[string]any{"output_type": "display_data", "data": map[string]any{"text/html": `<b title="x">four</b>`}, "metadata": map[string]any{}},
		map[string]any{"output_type": "display_data", "data": map[string]any{"image/png": "AQI=", "application/json": map[string]any{"a": 1.0}, "text/plain": "a picture"}, "metadata": map[string]any{}},
		map[string]any{"output_type": "error", "ename": "Error", "evalue": "five", "traceback": []any{"Error: five"}},
	}, outputs)

	require.NoError(t, area.Update(func(s *core.Output) { s.AppendStderr("more"); s.Clear(); s.AppendStderr("last") }))
	before := area.Get()
	require.NoError(t, area.Update(func(s *core.Output) { s.AppendStderr(" one") }))
	require.Equal(t, []core.OutputItem{core.Stream(core.Stderr, "last")}, before.Outputs, "a state that was given stays as it is")
	require.Equal(t, []core.OutputItem{core.Stream(core.Stderr, "last one")}, area.Get().Outputs)

	kernel.Send(map[string]any{"method": "update", "state": map[string]any{"outputs": []any{
		map[string]any{"output_type": "execute_result", "execution_count": 3, "data": map[string]any{"text/plain": "7", "application/x": []int{1, 2}}, "metadata": map[string]any{"text/plain": nil}},
	}}})
	require.Eventually(t, func() bool { return area.Get().Outputs[0].OutputType == core.OutputExecuteResult }, 10*time.Second, time.Millisecond)
	result := area.Get().Outputs[0]
	require.Equal(t, 3, *result.ExecutionCount)
	require.Equal(t, `{"text/plain":null}`, result.Metadata.String())
	var plain string
	require.NoError(t, result.Data["text/plain"].Decode(&plain))
	require.Equal(t, "7", plain)
	var numbers []int
	require.NoError(t, result.Data["application/x"].Decode(&numbers))
	require.Equal(t, []int{1, 2}, numbers)
	require.Error(t, result.Data["text/plain"].Decode(&numbers))
	require.Equal(t, "null", core.JSON{}.String())
	require.Nil(t, area.Err())
}

func TestWhatCannotBeDisplayed(t *testing.T) {
	_, err := core.DisplayData(map[string]any{"application/json": make(chan int)})
	require.ErrorContains(t, err, "core: display application/json: ")
}
