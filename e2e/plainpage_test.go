package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// forPages is a server that pages of any origin may use, with its token.
var forPages = setup{
	name: "pages",
	settings: `
c = get_config()
c.ServerApp.allow_origin = "*"
c.NotebookApp.allow_origin = "*"
`,
	token: "a-token",
}

// unlisted is such a server that refuses to list its kernels, as Jupyter's kernel gateways do by default.
var unlisted = setup{
	name: "unlisted",
	settings: forPages.settings + `
def refuse(self):
    self.set_status(403)
    self.finish("{}")
from importlib import import_module
for server in "jupyter_server", "notebook":
    try:
        import_module(server + ".services.kernels.handlers").MainKernelHandler.get = refuse
    except ImportError:
        pass
`,
	token: forPages.token,
}

// plainPage opens a page that is served from elsewhere, and ends its kernel with the test.
func plainPage(t *testing.T, server, program string) *browse.Page {
	t.Helper()
	return plainPageIn(t, newPage(t), server, forPages.token, program)
}

// plainPageIn opens it in a tab that is there, with the server's token. The page's own server sends
// the headers, which are names followed by their values.
func plainPageIn(t *testing.T, page *browse.Page, server, token, program string, headers ...string) *browse.Page {
	t.Helper()
	query := url.Values{"server": {server}, "token": {token}}
	if program != "" {
		query.Set("program", program)
	}
	require.NoError(t, page.Navigate(servePage(t, headers...)+"/?"+query.Encode()))
	require.NoError(t, page.Wait(`kernel.is_connected()`, 2*soon))
	t.Cleanup(func() {
		_, err := browse.Eval[browse.Void](page, `Promise.resolve(kernel.closed || kernel.shutdown()).then(() => {})`)
		require.NoError(t, err)
	})
	return page
}

// servePage serves dist/web with the plain page, and returns its URL.
func servePage(t *testing.T, headers ...string) string {
	t.Helper()
	dir := filepath.Join(fixture.root, "dist", "web")
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServerFS(os.DirFS(dir)))
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "testdata/plainpage/index.html") })
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for pair := range slices.Chunk(headers, 2) {
			w.Header().Set(pair[0], pair[1])
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(pages.Close)
	return pages.URL
}

// servesPage has the page among the server's own files.
var servesPage = setup{
	name: "servespage",
	nbextensions: func(t *testing.T) string {
		dir, err := os.MkdirTemp(fixture.tmp, "page-")
		require.NoError(t, err)
		require.NoError(t, os.CopyFS(filepath.Join(dir, "page"), os.DirFS(filepath.Join(fixture.root, "dist", "web"))))
		copyFile(t, "testdata/plainpage/index.html", filepath.Join(dir, "page", "index.html"))
		return dir
	},
}

// TestPlainPageOfTheServer needs no token: the browser has the server's cookies.
func TestPlainPageOfTheServer(t *testing.T) {
	forHosts(t, servesPage, func(t *testing.T, h *host) {
		page := newPage(t)
		require.NoError(t, page.Navigate(h.URL()+"/tree"))
		require.NoError(t, page.Wait(`/_xsrf/.test(document.cookie)`, soon))
		require.NoError(t, page.Navigate(h.URL()+"/nbextensions/page/index.html?server=/&program=cookbook"))
		require.NoError(t, page.Wait(`Boolean(manager)`, 2*soon))
		_, err := browse.Eval[browse.Void](page, `void kernel.execute("from ipykernel.comm import Comm; Comm(target_name='my_comm_target', data={'greeting': 1})")`)
		require.NoError(t, err)
		console(t, page, "cookbook: opened with", "greeting")
		_, err = browse.Eval[browse.Void](page, `kernel.interrupt().then(() => kernel.shutdown()).then(() => {})`)
		require.NoError(t, err)
	})
}

// TestPlainPageConformance runs the cases that hold for commmgrtest's kernel and on Notebook's pages, on a page without Jupyter.
func TestPlainPageConformance(t *testing.T) {
	forHosts(t, forPages, func(t *testing.T, h *host) {
		h.AddFile(t, "testdata/conformance/conformance.py")
		p := newProxy(t, h)
		page := plainPage(t, p.through(h.URL()), "conformance")
		reload := func() error {
			here, err := browse.Eval[string](page, `(window.before = true, location.href)`)
			if err != nil {
				return err
			}
			if err := page.Navigate(here); err != nil {
				return err
			}
			return page.Wait(`!window.before && Boolean(kernel)`, 2*soon)
		}
		restart := func() error {
			_, err := browse.Eval[browse.Void](page, `kernel.restart().then(() => {})`)
			return err
		}
		(&conformanceDriver{page: page, proxy: p, kernel: "kernel", restart: restart, reload: reload}).run(t)
	})
}

// TestPlainPageUnlisted connects where the server refuses to list kernels, from a page that may have no cookies.
func TestPlainPageUnlisted(t *testing.T) {
	forHosts(t, unlisted, func(t *testing.T, h *host) {
		p := newProxy(t, h)
		page := plainPageIn(t, newPage(t), p.through(h.URL()), forPages.token, "cookbook",
			"Content-Security-Policy", "sandbox allow-scripts",
			"Access-Control-Allow-Origin", "*") // the page's own modules are another origin's
		eval := func(code string) string {
			t.Helper()
			got, err := browse.Eval[string](page, code)
			require.NoError(t, err)
			return got
		}
		require.Equal(t, "SecurityError", eval(`(() => { try { return document.cookie } catch (e) { return e.name } })()`))
		connect := func(options string) string {
			t.Helper()
			return eval(`gocomm.connect({baseUrl: new URL(location).searchParams.get("server"), ...` + options + `}).then(k => (k.close(), "connected"), e => e.message)`)
		}
		require.Equal(t, "connected", connect(`{token: "a-token", id: kernel.id}`))
		require.Contains(t, connect(`{id: kernel.id}`), "is the token right, or, without one")
		require.Contains(t, connect(`{token: "another", id: kernel.id}`), "is the token right")

		require.NoError(t, page.Wait(`Boolean(manager)`, 2*soon))
		eval(`(kernel.events.on("kernel_connected.Kernel", () => { window.again = true; }), "")`)
		p.cut(true)
		require.NoError(t, page.Wait(`!kernel.is_connected()`, soon))
		p.mend()
		require.NoError(t, page.Wait(`window.again`, 2*soon))
		eval(`(kernel.execute("from ipykernel.comm import Comm; Comm(target_name='my_comm_target', data={'greeting': 1})"), "")`)
		console(t, page, "cookbook: opened with", "greeting")
	})
}

// TestPlainPage is what the page's own kernel object does besides.
func TestPlainPage(t *testing.T) {
	forHosts(t, forPages, func(t *testing.T, h *host) {
		page := plainPage(t, h.URL(), "")
		require.NoError(t, page.WaitKernel("kernel"))
		eval := func(code string) string {
			t.Helper()
			got, err := browse.Eval[string](page, code)
			require.NoError(t, err)
			return got
		}
		run := func(code string) { // and waits until the kernel is idle again
			t.Helper()
			eval(`new Promise(done => kernel.execute(` + quoted(t, code) + `, {iopub: {status: m => m.content.execution_state === "idle" && done("")}}))`)
		}

		refused := func(options string) string {
			return eval(`gocomm.connect({baseUrl: "` + h.URL() + `", token: "a-token", ...` + options + `}).then(() => "", e => e.message)`)
		}
		require.Contains(t, refused(`{token: "another"}`), "is the token right")
		require.Contains(t, refused(`{id: "00000000-0000-0000-0000-000000000000"}`), "there is no kernel 00000000-0000-0000-0000-000000000000 at http://127.0.0.1:")
		require.Contains(t, refused(`{name: "cobol"}`), "there is no kernel spec cobol at ")
		require.Contains(t, refused(`{baseUrl: "http://127.0.0.1:1"}`), "is the server there, does its setting allow_origin allow http://127.0.0.1:")

		require.Equal(t, "what? Ann\n ok", eval(`new Promise(done => {
			let all = "", left = 2;
			const end = () => --left || done(all);
			kernel.execute("import sys; sys.stdout.write(input('what? ') + '\\n'); None", {
				input: m => { all += m.content.prompt; kernel.send_input_reply("Ann"); },
				shell: {reply: async m => { await null; all += " " + m.content.status; end(); }},
				iopub: {output: m => { all += m.content.text; }, status: m => m.content.execution_state === "idle" && end()},
			});
		})`))
		require.Equal(t, "0", eval(`String(Object.keys(kernel._msg_callbacks).length)`), "callbacks that nobody calls any more")

		// Before there is a program, what is opened is closed.
		run(`
from ipykernel.comm import Comm
closed, heard = [], []
def opened(target):
    comm = Comm(target_name=target, data={"n": 0})
    comm.on_close(lambda msg: closed.append(msg["content"]["data"].get("reason")))
    comm.on_msg(lambda msg: heard.append((msg["content"]["data"], [bytes(b) for b in msg["buffers"]])))
    return comm
opened("nowhere")
`)
		printed := func(code string) string {
			t.Helper()
			return eval(`new Promise(done => {
				let out = "";
				kernel.execute(` + quoted(t, code) + `, {iopub: {output: m => { out += m.content.text ?? m.content.traceback; }, status: m => m.content.execution_state === "idle" && done(out.trim())}});
			})`)
		}
		require.Equal(t, "['gocomm: no program is attached to take target nowhere']", printed(`print(closed)`))
		require.Contains(t, eval(`(() => { try { kernel.comm_manager.new_comm("t"); return "" } catch (e) { return e.message } })()`), "new_comm: target t: no program is attached to this kernel; await attach")

		require.Contains(t, eval(`gocomm.attach(kernel, {wasm: "./nothing.wasm"}).then(() => "", e => e.message)`), "gocomm: nothing.wasm could not be loaded, comms of this kernel are refused: ")

		// JavaScript and Go, on one manager; a handler's promise holds what comes after it.
		eval(`(async () => {
			window.seen = [];
			kernel.comm_manager.register_target("page", (comm, open) => {
				window.comm = comm;
				seen.push(open.content.data.n);
				comm.on_msg(async m => { await new Promise(done => setTimeout(done, 5 - m.content.data.n)); seen.push(m.content.data.n); });
				comm.send({hello: 1}, undefined, {}, [new Uint8Array([0, 1, 2, 3]).subarray(1, 3)]);
				kernel.send_shell_message("comm_msg", {comm_id: comm.comm_id, data: "past the manager"}, undefined, {}, [new Uint8Array([0, 7, 0]).subarray(1, 2)]);
			});
			window.manager = await gocomm.attach(kernel, {wasm: "./cookbook.wasm"});
			return "";
		})()`)
		run(`
c = opened("page")
for n in range(1, 5): c.send({"n": n})
go = opened("my_comm_target")
`)
		require.NoError(t, page.Wait(`seen.length === 5`, soon))
		require.Equal(t, "0,1,2,3,4", eval(`String(seen)`))
		require.Equal(t, "[({'hello': 1}, [b'\\x01\\x02']), ('past the manager', [b'\\x07']), ({'foo': 0}, [])]", printed(`print(heard)`))

		// After the programs are taken off, it goes on with what JavaScript has.
		eval(`(gocomm.detach(kernel), "")`)
		run(`c.send({"n": 5}); go.send({})`)
		require.NoError(t, page.Wait(`seen.length === 6`, soon))
		eval(`comm.send("bye")`)
		require.Contains(t, printed(`print(heard)`), "('bye', [])")
		eval(`gocomm.attach(kernel, {wasm: "./cookbook.wasm"}).then(m => { window.manager = m; return ""; })`)

		// A restart and a shutdown that the server refuses end nothing.
		require.Equal(t, "the server answered 403; the server answered 403", eval(`(async () => {
			const {fetch} = window;
			window.fetch = async () => new Response("", {status: 403});
			window.living = manager.new_comm("nothing");
			const failed = [];
			for (const act of [() => kernel.restart(), () => kernel.shutdown()]) await act().catch(e => failed.push(/the server answered 403/.exec(e.message)[0]));
			window.fetch = fetch;
			living.send("I live");
			return failed.join("; ");
		})()`))
		require.Equal(t, "3", printed(`print(1 + 2)`))

		// Nothing that the page can list, or print, has the token.
		require.Equal(t, "false false", eval(`(async () => {
			const seen = new Set(), todo = [kernel, manager];
			let shown = false;
			for (let o; (o = todo.pop()); ) {
				for (const name of Reflect.ownKeys(o)) {
					const v = Object.getOwnPropertyDescriptor(o, name).value;
					if (String(name) === "token" || typeof v === "string" && v.includes("a-token")) shown = true;
					if (typeof v === "object" && v !== null && !(v instanceof Node) && !(v instanceof WebSocket) && v !== window && !seen.has(v)) { seen.add(v); todo.push(v); }
				}
			}
			const {message} = await gocomm.connect({baseUrl: "http://127.0.0.1:1/?token=a-token"}).then(() => ({}), e => e);
			return shown + " " + message.includes("a-token");
		})()`))
		// The address as Jupyter prints it has the token.
		require.Equal(t, "2", eval(`(async () => {
			const second = await gocomm.connect({baseUrl: "`+h.URL()+`/?token=a-token", id: kernel.id});
			second.close();
			return "2";
		})()`))

		// A kernel that dies is started again by the server: comms end, and what comes next works.
		eval(`(() => {
			window.told = [];
			kernel.events.on("kernel_restarting.Kernel kernel_dead.Kernel", ({type}) => told.push(type));
			window.mine = manager.new_comm("nothing");
			kernel.execute("import os; os._exit(1)");
			return "";
		})()`)
		require.NoError(t, page.Wait(`String(told) === "kernel_restarting"`, 4*soon))
		require.Len(t, eval(`mine.send()`), 32, "a msg_id")
		console(t, page, "gocomm: comm_msg: ", "its kernel was restarted, changed or shut down; nothing is sent; open a new comm")
		require.NoError(t, page.WaitKernel("kernel"))
		require.Equal(t, "2", printed(`print(1 + 1)`))

		// One that is gone for good is given up.
		eval(`fetch(new URL("api/kernels/" + kernel.id, "` + h.URL() + `/"), {method: "DELETE", headers: {Authorization: "token a-token"}}).then(() => "")`)
		require.NoError(t, page.Wait(`told.at(-1) === "kernel_dead" && !kernel.is_connected()`, 4*soon))
		require.Contains(t, eval(`(() => { try { kernel.execute("1"); return "" } catch (e) { return e.message } })()`), "its connection was closed; connect again")
	})
}
