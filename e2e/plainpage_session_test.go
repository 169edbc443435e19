package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
)

// culling is a server for pages that ends kernels which no page uses, after some seconds: not while one of them is loaded again.
var culling = setup{
	name: "culling",
	settings: forPages.settings + `
c.MappingKernelManager.cull_idle_timeout = 4
c.MappingKernelManager.cull_interval = 1
`,
	token: forPages.token,
}

// TestPlainPageSession loads pages again that connect to the kernel of a session: they find it as long as it lives.
func TestPlainPageSession(t *testing.T) {
	forHosts(t, culling, func(t *testing.T, h *host) {
		page := newPage(t)
		running := func() (ids []string) {
			t.Helper()
			request, err := http.NewRequest(http.MethodGet, h.URL()+"/api/kernels", nil)
			require.NoError(t, err)
			request.Header.Set("Authorization", "token "+forPages.token)
			response, err := http.DefaultClient.Do(request)
			require.NoError(t, err)
			defer response.Body.Close()
			var kernels []struct{ ID string }
			require.NoError(t, json.NewDecoder(response.Body).Decode(&kernels))
			for _, k := range kernels {
				ids = append(ids, k.ID)
			}
			return ids
		}
		eval := func(code string) string {
			t.Helper()
			got, err := browse.Eval[string](page, code)
			require.NoError(t, err)
			return got
		}
		pages := servePage(t)
		here := pages + "/?" + url.Values{"server": {h.URL()}, "token": {forPages.token}, "path": {"a page"}, "program": {"cookbook"}}.Encode()
		load := func() string {
			t.Helper()
			require.NoError(t, page.Navigate(here))
			require.NoError(t, page.Wait(`Boolean(globalThis.manager)`, 2*soon), "%s", h.LogTail())
			return eval(`kernel.id`)
		}
		// visits counts in the kernel, by a comm to the program's target.
		visits := func() string {
			t.Helper()
			return eval(`new Promise(done => kernel.execute(` + "`" + `
from ipykernel.comm import Comm
n = globals().get("n", 0) + 1
comm = Comm(target_name="my_comm_target", data={"n": n})
comm.on_msg(lambda msg: print(n, msg["content"]["data"]))` + "`" + `, {iopub: {status: m => m.content.execution_state === "idle" && done("")}}))`)
		}
		printed := func(code string) string {
			t.Helper()
			return eval(`new Promise(done => { let all = ""; kernel.execute("` + code + `", {iopub: {output: m => { all += m.content.text ?? m.content.evalue; }, status: m => m.content.execution_state === "idle" && done(all.trim())}}); })`)
		}

		first := load()
		visits()
		require.Equal(t, first, load(), "the kernel of the page before")
		visits()
		require.Equal(t, "2", printed(`print(n)`))
		console(t, page, "cookbook: opened with", `{"n":2}`)
		require.Equal(t, []string{first}, running())

		// Of two requests at once, both start a kernel; one stays.
		both := eval(`(async () => {
			const {searchParams} = new URL(location);
			const two = [1, 2].map(() => gocomm.connect({baseUrl: searchParams.get("server"), token: searchParams.get("token"), path: "both"}));
			window.both = await Promise.all(two);
			return String(new Set(window.both.map(k => k.id)).size);
		})()`)
		require.Equal(t, "1", both)
		require.Len(t, running(), 2)
		eval(`both[0].shutdown().then(() => both[1].close()).then(() => "")`)

		refused := func(options string) string {
			return eval(`gocomm.connect({baseUrl: "` + h.URL() + `", token: "a-token", ...` + options + `}).then(k => (k.close(), k.id), e => e.message)`)
		}
		require.Regexp(t, `^gocomm: there is no kernel spec cobol at `, refused(`{path: "a page", name: "cobol"}`))
		require.Equal(t, first, refused(`{path: "a page", name: "python3"}`))
		require.Regexp(t, `^gocomm: connect: give path or id, `, refused(`{path: "a page", id: kernel.id}`))
		require.Regexp(t, `^gocomm: connect: path is the name of a session, not ""`, refused(`{path: ""}`))

		// The server ends a kernel that no page uses.
		eval(`(kernel.close(), "")`) // a page that the browser keeps for its way back may stay connected
		require.NoError(t, page.Navigate(pages+"/kernel.js"))
		require.Eventually(t, func() bool { return len(running()) == 0 }, 2*soon, soon/100)
		second := load()
		require.NotEqual(t, first, second)
		visits()
		require.Equal(t, "1", printed(`print(n)`))

		// It dies, and the server starts it again: it is the same kernel, without what it had.
		eval(`new Promise(done => { kernel.events.on("kernel_restarting.Kernel", () => done("")); kernel.execute("import os; os._exit(1)"); })`)
		require.Equal(t, second, load())
		require.NoError(t, page.WaitKernel("kernel"))
		require.Equal(t, "name 'n' is not defined", printed(`print(n)`))

		// It is shut down while the page looks on: the page is loaded again, by docs/page.md, and gets another one.
		eval(`(() => {
			window.before = true;
			kernel.events.on("kernel_dead.Kernel", () => location.reload());
			return fetch(new URL("api/kernels/" + kernel.id, "` + h.URL() + `/"), {method: "DELETE", headers: {Authorization: "token a-token"}}).then(() => "");
		})()`)
		require.NoError(t, page.Wait(`!window.before && Boolean(globalThis.manager)`, 4*soon), "%s", h.LogTail())
		third := eval(`kernel.id`)
		require.NotContains(t, []string{first, second}, third)
		require.Equal(t, []string{third}, running())
		eval(`kernel.shutdown().then(() => "")`)

		// A session of the tab's own.
		of := `ofTab("` + h.URL() + `", "a-token").then(k => (k.close(), k.id))`
		require.Equal(t, eval(of), eval(of))
		require.Len(t, running(), 1)
	})
}
