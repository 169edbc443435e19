package gluetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLoadFaultsSayWhatToDo(t *testing.T) {
	const gz = `await (await fetch(web + "/probe.wasm.gz")).arrayBuffer()`
	const respond = `more = { response: Promise.resolve(new Response(%s, { headers: { "content-type": "%s" } })) };`
	for _, fault := range []struct {
		name, prepare string
		texts         []string
	}{
		{"404", `name = "missing";`, []string{"missing.wasm", "404"}},
		{"404 of the program alone", `more = { response: fetch(web + "/missing.wasm.gz") };`, []string{"404"}},
		{"login page", fmt.Sprintf(respond, `"<!DOCTYPE html><title>Login</title>"`, "text/html"), []string{"probe.wasm.gz", "this is not WebAssembly (text/html); is it a login page? Otherwise reload the page, or build and install again"}},
		{"cut off", fmt.Sprintf(respond, `(`+gz+`).slice(0, 300000)`, "application/gzip"), []string{"probe.wasm.gz: it is damaged or cut off", "build and install"}},
		{"no Go program", fmt.Sprintf(respond, `new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])`, "application/wasm"), []string{"this is no Go program"}},
		{"another runtime", `more = { wasm: web + "/comms/hub", response: fetch(web + "/probe.wasm.gz") };`, []string{"hub.js: Error: this is not the runtime of a Go program"}},
		{"empty", fmt.Sprintf(respond, `""`, "application/gzip"), []string{"this is not WebAssembly"}},
		{"garbage", fmt.Sprintf(respond, `"\0asm garbage"`, "application/wasm"), []string{"probe.wasm.gz", "build and install"}},
		{"the network", `more = { response: Promise.reject(new TypeError("Failed to fetch")) };`, []string{"probe.wasm.gz", "Failed to fetch"}},
		{"another origin", `name = "x"; more = { wasm: "https://example.invalid/x.wasm" };`, []string{"https://example.invalid/x.wasm is neither of the page's origin nor of gocomm.js's"}},
		{"mode", `more = { mode: "instead" };`, []string{`mode is "replace" or "beside", not "instead"`}},
		{"no URL", `more = { wasm: undefined };`, []string{"gocomm: attach: wasm is the URL of a program, not undefined"}},
		{"another version of the border", `
			const instantiate = WebAssembly.instantiate;
			WebAssembly.instantiate = (module, imports) => {
				const hello = imports.gocomm.hello;
				imports.gocomm.hello = (abi, ...rest) => hello(abi + 1, ...rest);
				return instantiate(module, imports);
			};`, []string{"was built for version", "build both from one release"}},
	} {
		t.Run(fault.name, func(t *testing.T) {
			p := newPage(t, 1)
			var got struct {
				Rejected         string
				Log              []string
				Errors           []string
				Restored, Direct bool
			}
			p.get(&got, `
				let name = "probe", more = {};
				`+fault.prepare+`
				stock.register_target("js", () => {});
				const attached = attach(name, {}, more);
				deliver(commOpen("c1", "js"));
				for (const n of [1, 2, 3]) deliver(commMsg("c1", n));
				const rejected = await attached.then(() => "", (e) => e.message);
				await until(() => stock.log.length === 4);
				return { rejected, log: stock.log, restored: kernel.comm_manager === stock, errors: errors() };`)
			require.Contains(t, got.Rejected, "gocomm: ")
			for _, text := range fault.texts {
				require.Contains(t, got.Rejected, text)
			}
			require.Equal(t, []string{"open c1", "msg c1 1", "msg c1 2", "msg c1 3"}, got.Log)
			require.True(t, got.Restored)
			require.Empty(t, got.Errors)
		})
	}
}

// A server may inflate the .gz on its own, and call it what it likes.
func TestMIMETypesAreNotReliedOn(t *testing.T) {
	p := newPage(t, 1)
	p.run(`
		const response = fetch(web + "/probe.wasm").then((r) => r.arrayBuffer()).then((b) => new Response(b, { headers: { "content-type": "text/plain" } }));
		await attach("probe", {}, { response });
		deliver(commOpen("c1", "probe.echo"));
		deliver(commMsg("c1"));
		await until(() => sent("c1").length === 1);`)
}
