package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

const loaderProgram = `package main

import (
	"fmt"
	"syscall/js"
	"time"
)

//go:wasmexport answer
func answer() int32 { return ANSWER }

func main() {
	fmt.Println("program", ANSWER, "in", time.Now().Location() != nil)
	me := js.Global().Get("programs").Get("pANSWER")
	me.Set("isGlobal", js.FuncOf(func(_ js.Value, args []js.Value) any { return js.Global().Equal(args[0]) }))
	// A method that insists on its receiver, called while the program starts.
	started := make(chan struct{})
	js.Global().Call("setTimeout", js.FuncOf(func(js.Value, []js.Value) any { close(started); return nil }), 1)
	<-started
	time.Sleep(time.Millisecond)
	me.Set("fs", js.Global().Get("fs"))
	me.Set("title", js.Global().Get("document").Get("title"))
	me.Call("ready")
	select {}
}
`

// The page that a program's loader must leave as it was: its own fs, frozen; its own process, which may not be read.
const loaderPage = `<!doctype html><title>loader</title><script>
Object.defineProperty(globalThis, "fs", { value: Object.freeze({ mine: true }), writable: false, configurable: false });
Object.defineProperty(globalThis, "process", { get() { throw new Error("the page's process was read"); }, configurable: true });
globalThis.programs = {};
const before = Reflect.ownKeys(globalThis).length;
async function start(n) {
	const { default: Go } = await import("./p" + n + ".wasm.js");
	const go = new Go();
	const { instance } = await WebAssembly.instantiateStreaming(fetch("./p" + n + ".wasm"), go.importObject);
	const me = programs["p" + n] = { answer: instance.exports.answer };
	const ready = new Promise((resolve) => { me.ready = resolve; });
	go.run(instance).catch((err) => { me.failure = String(err); me.ready(); });
	await ready;
	return [me.failure ?? "", instance.exports.answer(), typeof instance.exports.getsp, go.mem.buffer === instance.exports.mem.buffer,
		me.isGlobal(globalThis), me.title, me.fs === globalThis.fs];
}
async function check() {
	const started = await Promise.all([start(1), start(2)]);
	return { started, added: Reflect.ownKeys(globalThis).length - before, Go: typeof globalThis.Go, path: typeof globalThis.path,
		fs: globalThis.fs.mine };
}
</script>`

func TestLoaderLeavesThePageAlone(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	source := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(source, "go.mod"), []byte("module example\n\ngo 1.26\n"), 0o644))
	for _, n := range []string{"1", "2"} {
		folder := filepath.Join(source, "wasm", "p"+n)
		require.NoError(t, os.MkdirAll(folder, 0o755))
		text := strings.ReplaceAll(loaderProgram, "ANSWER", n)
		require.NoError(t, os.WriteFile(filepath.Join(folder, "main_js.go"), []byte(text), 0o644))
	}
	web := &tree{dir: t.TempDir()}
	programs, err := buildPrograms(ctx, source, web)
	require.NoError(t, err)
	require.Equal(t, []string{"p1", "p2"}, programs)
	require.NoError(t, web.write("index.html", []byte(loaderPage)))
	url, err := serveWeb(ctx, web.dir)
	require.NoError(t, err)

	browser, err := browse.Launch(ctx)
	require.NoError(t, err)
	defer browser.Close()
	page, err := browser.NewPage()
	require.NoError(t, err)
	defer page.CloseTab()
	require.NoError(t, page.Navigate(url+"/index.html"))
	require.NoError(t, page.Wait(`typeof check === "function"`, time.Minute))
	got, err := browse.Eval[string](page, "check().then(JSON.stringify)")
	require.NoError(t, err)
	require.JSONEq(t, `{
		"started": [["", 1, "function", true, true, "loader", true], ["", 2, "function", true, true, "loader", true]],
		"added": 0, "Go": "undefined", "path": "undefined", "fs": true
	}`, got)
	for _, line := range []string{"program 1 in true", "program 2 in true"} {
		require.True(t, slices.ContainsFunc(page.Console(), func(m browse.Message) bool { return m.Text == line }), "what Go prints goes to the console: %v", page.Console())
	}

	// Up to date: nothing is written again.
	again := &tree{dir: web.dir}
	_, err = buildPrograms(ctx, source, again)
	require.NoError(t, err)
	require.Zero(t, again.changed)
}

func TestWrapRefusesAnotherWasmExec(t *testing.T) {
	_, err := wrapWasmExec("globalThis.Go = class {}", "go9.9")
	require.ErrorContains(t, err, "go9.9 has another wasm_exec.js")
}
