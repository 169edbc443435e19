package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// bare is a server without any nbextension of ours.
var bare = setup{name: "bare"}

// TestHarness checks the harness itself on the stock pages: what the other
// tests conclude from it has to be right.
func TestHarness(t *testing.T) {
	forHosts(t, bare, func(t *testing.T, h *host) {
		t.Run("lifecycle", func(t *testing.T) { testLifecycle(t, h) }) // before the others: it counts the kernels of its server
		for name, test := range map[string]func(*testing.T, *host){"cells": testCells, "scripts": testScripts, "buffers": testBuffers, "requests": testRequests} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, h)
			})
		}
	})
}

func testCells(t *testing.T, h *host) {
	page := openNotebook(t, h, `print("one"); 1 + 1`, ``)
	first, err := page.AddCells(`import time; time.sleep(.3); print("slow")`, `1 / 0`, `print("not reached")`)
	require.NoError(t, err)
	require.Equal(t, 2, first)

	require.NoError(t, page.RunCellWait(0))
	out, err := page.CellOutput(0)
	require.NoError(t, err)
	require.Equal(t, "one\n2\n", out)

	require.NoError(t, page.RunCellWait(1), "an empty cell")
	require.NoError(t, page.RunCell(2))
	require.NoError(t, page.WaitOutput(2, "slow", 10*time.Second))

	var failed *browse.CellError
	require.ErrorAs(t, page.RunCellWait(3), &failed)
	require.Equal(t, "ZeroDivisionError", failed.Name)
	require.ErrorAs(t, page.RunAllWait(), &failed)
	require.Equal(t, 3, failed.Cell)
	require.ErrorContains(t, page.RunCellWait(99), "there is no cell 99")
}

func testScripts(t *testing.T, h *host) {
	page := openNotebook(t, h)
	sum, err := browse.Eval[int](page, `Promise.resolve(40).then(n => n + 2)`)
	require.NoError(t, err)
	require.Equal(t, 42, sum)

	_, err = browse.Eval[int](page, `(function thrower() { throw new TypeError('wrong') })()`)
	require.ErrorContains(t, err, "TypeError: wrong")
	require.ErrorContains(t, err, "at thrower")
	_, err = browse.Eval[int](page, `Promise.reject(new Error('later'))`)
	require.ErrorContains(t, err, "Error: later")
	_, err = browse.EvalTimeout[int](page, `new Promise(() => {})`, 200*time.Millisecond)
	require.ErrorContains(t, err, "no result within 200ms")

	_, err = browse.Eval[browse.Void](page, `void setTimeout(() => { window.later = {n: 7} }, 200)`)
	require.NoError(t, err)
	require.NoError(t, page.Wait(`later.n === 7`, 5*time.Second), "a name that is not there yet is no error")
	err = page.Wait(`[later.n === 8][0]`, 2*time.Second)
	require.ErrorContains(t, err, "last value: false")
	require.ErrorContains(t, page.Wait(`((`, 5*time.Second), "SyntaxError")

	_, err = browse.Eval[browse.Void](page, `(() => {
		console.log('shown', {foo: 0, list: [1, {deep: 'x'.repeat(200)}]}, null, undefined, 1n, new Uint8Array(3));
		console.error('bad', {code: 5});
		setTimeout(() => { throw new Error('uncaught one') });
		Promise.reject(new Error('rejected one'));
	})()`)
	require.NoError(t, err)
	long := string(bytes.Repeat([]byte("x"), 200))
	for _, want := range []struct{ level, text string }{
		{"log", `shown {"foo":0,"list":[1,{"deep":"` + long + `"}]} null undefined 1n Uint8Array(3)`},
		{"error", `bad {"code":5}`},
		{"exception", "Uncaught Error: uncaught one\n"},
		{"exception", "Uncaught (in promise) Error: rejected one\n"},
	} {
		_, err = page.WaitConsole(func(m browse.Message) bool {
			return m.Level == want.level && len(m.Text) >= len(want.text) && m.Text[:len(want.text)] == want.text
		}, 5*time.Second)
		require.NoError(t, err, want.text)
	}
	require.Len(t, page.Errors(), 3)
}

func testBuffers(t *testing.T, h *host) {
	page := openNotebook(t, h, `
from ipykernel.comm import Comm
comm = Comm(target_name="bytes", data={})
@comm.on_msg
def answer(msg):
    comm.send({"sizes": [len(b) for b in msg["buffers"]]}, buffers=[b"abc", b"", bytes(msg["buffers"][0])[::-1]])
`)
	_, err := browse.Eval[browse.Void](page, `Jupyter.notebook.kernel.comm_manager.register_target('bytes', comm => {
		comm.send({n: 1}, undefined, {}, [new Uint8Array([1, 2, 3]).buffer, new ArrayBuffer(0)]);
	})`)
	require.NoError(t, err)
	require.NoError(t, page.RunCellWait(0))

	open, err := page.WaitWire(func(f browse.Frame) bool { return f.TargetName == "bytes" }, 10*time.Second)
	require.NoError(t, err)
	sent, err := page.WaitWire(func(f browse.Frame) bool { return f.Direction == browse.Sent && f.CommID == open.CommID }, 10*time.Second)
	require.NoError(t, err)
	require.Equal(t, [][]byte{{1, 2, 3}, {}}, sent.Buffers)
	answer, err := page.WaitWire(func(f browse.Frame) bool {
		return f.Direction == browse.Received && f.MsgType == "comm_msg" && f.ParentID == sent.MsgID
	}, 10*time.Second)
	require.NoError(t, err)
	require.JSONEq(t, `{"sizes": [3, 0]}`, string(answer.Data))
	require.Equal(t, [][]byte{[]byte("abc"), {}, {3, 2, 1}}, answer.Buffers)
	require.Equal(t, sent.CommID, answer.CommID)
	require.False(t, answer.Time.Before(sent.Time))
	require.WithinDuration(t, time.Now(), answer.Time, 30*time.Second)
	for _, f := range page.Wire() {
		require.NoError(t, f.Err)
	}
}

func testLifecycle(t *testing.T, h *host) {
	browser, err := fixture.browser()
	require.NoError(t, err)
	before := kernels(t, h)
	page, err := browser.NewPage()
	require.NoError(t, err)
	closed := false
	defer func() {
		dump(t, page)
		if !closed {
			page.Close()
		}
	}()
	require.NoError(t, page.OpenNotebook(h.NewNotebook(t, `try:
    x += 1
except NameError:
    x = 1
print(x)`)))
	require.NoError(t, page.WaitKernelReady())
	run := func(want string) {
		t.Helper()
		require.NoError(t, page.RunCellWait(0))
		out, err := page.CellOutput(0)
		require.NoError(t, err)
		require.Equal(t, want, out)
	}
	run("1\n")
	run("2\n")
	require.NoError(t, page.Save())
	require.NoError(t, page.Reload())
	out, err := page.CellOutput(0)
	require.NoError(t, err)
	require.Equal(t, "2\n", out, "the saved output")
	require.NoError(t, page.WaitKernelReady())
	run("3\n")

	tab, err := page.NewTab()
	require.NoError(t, err)
	url, err := browse.Eval[string](page, `location.href`)
	require.NoError(t, err)
	require.NoError(t, tab.OpenNotebook(url))
	require.NoError(t, tab.WaitKernelReady())
	require.NoError(t, tab.CloseTab())
	require.Len(t, kernels(t, h), len(before)+1, "both tabs share one kernel")

	require.NoError(t, page.RestartKernel())
	run("1\n")
	for _, m := range page.Errors() {
		// The stock manager, told of the other tab's comm (here of ipywidgets).
		require.Contains(t, m.Text, "Comm promise not found for comm id")
	}
	closed = true
	require.NoError(t, page.Close())
	require.ElementsMatch(t, before, kernels(t, h), "closing a page ends its kernel")
}

// kernels lists the ids of the server's kernels.
func kernels(t *testing.T, h *host) []string {
	t.Helper()
	res, err := http.Get(h.URL() + "/api/kernels")
	require.NoError(t, err)
	defer res.Body.Close()
	var list []struct {
		ID string `json:"id"`
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&list))
	ids := []string{}
	for _, k := range list {
		ids = append(ids, k.ID)
	}
	return ids
}

func testRequests(t *testing.T, h *host) {
	page := openNotebook(t, h)
	get := `fetch('/api/status?probe').then(async r => [r.status, r.headers.get('Content-Type'), await r.text()].join(' '), e => 'failed: ' + e)`
	const pattern = "*/api/status?probe"
	fetchNow := func() (string, time.Duration) {
		t.Helper()
		start := time.Now()
		got, err := browse.Eval[string](page, get)
		require.NoError(t, err)
		return got, time.Since(start)
	}
	require.NoError(t, page.Respond(pattern, 418, "text/plain", []byte("tea")))
	got, _ := fetchNow()
	require.Equal(t, "418 text/plain tea", got)

	require.NoError(t, page.Break(pattern))
	got, _ = fetchNow()
	require.Contains(t, got, "failed: TypeError")

	require.NoError(t, page.Delay(pattern, 700*time.Millisecond))
	got, took := fetchNow()
	require.Contains(t, got, `200 application/json`)
	require.GreaterOrEqual(t, took, 700*time.Millisecond)
	require.Equal(t, 3, page.Hits(pattern))

	release, err := page.Hold(pattern)
	require.NoError(t, err)
	_, err = browse.Eval[browse.Void](page, `void `+get+`.then(v => { window.held = v })`)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return page.Hits(pattern) == 4 }, 5*time.Second, 10*time.Millisecond)
	require.ErrorContains(t, page.Wait(`held`, 2*time.Second), "throws held is not defined")
	release()
	require.NoError(t, page.Wait(`held.startsWith('200')`, 5*time.Second))

	page.Pass(pattern)
	require.Zero(t, page.Hits(pattern))
	got, _ = fetchNow()
	require.Contains(t, got, `200 application/json`)
	require.Zero(t, page.Hits(pattern), "it goes through unseen")
}
