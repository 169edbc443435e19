//go:build hosts

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gocomm/e2e/browse"
	"gocomm/internal/jupyter"
)

// hubSettings is the hub's configuration: any name is a user, with one password, whose server runs as a process of ours.
const hubSettings = `
c = get_config()
c.JupyterHub.ip = "127.0.0.1"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = %d
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret = bytes(32)
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "a-password"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"root"}
c.JupyterHub.services = [{"name": "tests", "api_token": "the-tests-token"}]
c.JupyterHub.load_roles = [{"name": "tests", "scopes": ["admin:users", "tokens"], "services": ["tests"]}]
c.ConfigurableHTTPProxy.command = ["node", %q]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:%d"
c.ConfigurableHTTPProxy.auth_token = "the-proxys-token"
c.ConfigurableHTTPProxy.pid_file = "proxy.pid"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = %q
c.Spawner.cmd = [%q, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.env_keep.extend(["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"])
c.Spawner.default_url = "/tree"
# Chromium does not say of a websocket that it is one (Sec-Fetch-Mode), and the hub wants to know before it takes a token from a URL.
c.Spawner.environment = {"JUPYTERHUB_ALLOW_TOKEN_IN_URL": lambda spawner: "1" if spawner.user.name == "ann" else "0"}
`

// userSettings are those of each user's server: pages of other origins may use it with a token.
const userSettings = `
c = get_config()
c.ServerApp.allow_origin = "*"
c.LabApp.expose_app_in_browser = True
`

// runHub starts a JupyterHub; the users have folders with notebooks and the counter.
func runHub(t *testing.T, users ...string) *host {
	t.Helper()
	free := func() int {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		return l.Addr().(*net.TCPAddr).Port
	}
	dir := t.TempDir()
	proxy := filepath.Join(fixture.root, "internal", "jupyter", "proxy", "node_modules", "configurable-http-proxy", "bin", "configurable-http-proxy")
	require.FileExists(t, proxy, "run `go run ./internal/tool venv hub`")
	python := filepath.Join(wheelEnv(t, jupyter.Hub), "bin", "python")
	settings := fmt.Sprintf(hubSettings, free(), proxy, free(), filepath.Join(dir, "{username}"), python)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hub.py"), []byte(settings), 0o600))
	for _, user := range users {
		addExampleTo(t, filepath.Join(dir, user), "counter")
	}
	return runModule(t, jupyter.Module{
		Host: jupyter.Hub, Dir: dir, Name: "jupyterhub", Ready: "/hub/health", Args: []string{"--config=hub.py"},
		Nbextensions: servesPage.nbextensions(t), Enable: []string{"gocomm/cookbook"}, Settings: userSettings,
	})
}

// logIn opens the hub's form in a page, and waits until the user's server is there.
func logIn(t *testing.T, h *host, page *browse.Page, user string) (base string) {
	t.Helper()
	require.NoError(t, page.Navigate(h.URL()+"/hub/login"))
	require.NoError(t, page.Wait(`!!document.querySelector("#username_input")`, soon))
	_, err := browse.Eval[browse.Void](page, fmt.Sprintf(`void (username_input.value = %q, password_input.value = "a-password", login_submit.click())`, user))
	require.NoError(t, err)
	require.NoError(t, page.Wait(fmt.Sprintf(`location.pathname === "/user/%s/tree"`, user), 4*soon))
	return h.URL() + "/user/" + user
}

// tokenFor gives a new token of a user.
func tokenFor(t *testing.T, h *host, user string) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, h.URL()+"/hub/api/users/"+user+"/tokens", bytes.NewReader([]byte("{}")))
	require.NoError(t, err)
	req.Header.Set("Authorization", "token the-tests-token")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusCreated, res.StatusCode)
	var made struct{ Token string }
	require.NoError(t, json.NewDecoder(res.Body).Decode(&made))
	require.NotEmpty(t, made.Token)
	return made.Token
}

// TestHub is JupyterHub with two users, whose servers have base URLs, tokens and cookies of their own: the cookbook on the one's
// classic page, the counter in the other's Lab, and a page from elsewhere with a token.
func TestHub(t *testing.T) {
	h := runHub(t, "ann", "bob")

	classic := newPage(t)
	ann := logIn(t, h, classic, "ann")
	module, err := os.ReadFile("testdata/seed/comm_module.py")
	require.NoError(t, err)
	require.NoError(t, browse.WriteNotebook(filepath.Join(h.Dir(), "ann", "classic.ipynb"), string(module), "from counter import Counter\ncounter = Counter(value=3)\ncounter"))
	require.NoError(t, classic.OpenNotebook(ann+"/notebooks/classic.ipynb"))
	require.NoError(t, classic.WaitKernelReady())
	ready(t, classic, "my_comm_target")
	require.NoError(t, classic.RunCellWait(0))
	exchange(t, classic)
	console(t, classic, "cookbook: opened with", `{"foo":1}`)
	console(t, classic, "cookbook: got", `"data":{"foo":0}`)
	p := &paper{Page: classic, host: &host{Name: jupyter.H1}}
	p.run(t, 1)
	p.counts(t, 1, 3)
	require.NoError(t, p.Click(p.counterButton(1)))
	p.counts(t, 1, 4)
	p.pythonPrints(t, "4", `print(counter.value)`)
	shot(t, classic, "hub-classic")
	require.NoError(t, p.RestartKernel())
	ready(t, classic, "my_comm_target")
	p.run(t, 1)
	p.counts(t, 1, 3)
	require.Empty(t, classic.Errors())

	p = &paper{Page: newPage(t), host: &host{Name: jupyter.Lab}}
	bob := logIn(t, h, p.Page, "bob")
	require.NoError(t, browse.WriteNotebook(filepath.Join(h.Dir(), "bob", "lab.ipynb"), "from counter import Counter\ncounter = Counter(value=7)\ncounter"))
	require.NoError(t, p.OpenLab(bob+"/lab/tree/lab.ipynb?reset"))
	p.run(t, 0)
	p.counts(t, 0, 7)
	require.NoError(t, p.Click(p.counterButton(0)))
	p.counts(t, 0, 8)
	p.pythonPrints(t, "8", `print(counter.value)`)
	shot(t, p.Page, "hub-lab")
	require.Empty(t, p.Errors())

	// A page of the user's own server has its cookies; one from elsewhere has a token.
	served := newPage(t)
	logIn(t, h, served, "ann")
	require.NoError(t, served.Navigate(ann+"/nbextensions/page/index.html?server=/user/ann/&program=cookbook"))
	runsCookbook(t, served)
	elsewhere := plainPageIn(t, newPage(t), ann, tokenFor(t, h, "ann"), "cookbook")
	runsCookbook(t, elsewhere)
	shot(t, elsewhere, "hub-plain")
	require.Empty(t, append(served.Errors(), elsewhere.Errors()...))
	for token, want := range map[string]string{tokenFor(t, h, "ann"): "is the token right", tokenFor(t, h, "bob"): "JUPYTERHUB_ALLOW_TOKEN_IN_URL=1"} {
		refused, err := browse.Eval[string](elsewhere, fmt.Sprintf(`gocomm.connect({baseUrl: %q, token: %q}).then(() => "", e => e.message)`, bob, token))
		require.NoError(t, err)
		require.Contains(t, refused, want)
	}
	firefox := startFirefox(t)
	fox := plainPageIn(t, foxPage(t, firefox), bob, tokenFor(t, h, "bob"), "cookbook") // it says what Chromium does not
	runsCookbook(t, fox)
	require.Empty(t, fox.Errors())
	for _, page := range []*browse.Page{served, elsewhere} {
		_, err := browse.Eval[browse.Void](page, `kernel.closed || kernel.shutdown().then(() => {})`)
		require.NoError(t, err)
	}
}

// runsCookbook has a plain page's kernel open the cookbook's comm, and the page show what the console has of it.
func runsCookbook(t *testing.T, page *browse.Page) {
	t.Helper()
	require.NoError(t, page.Wait(`Boolean(manager)`, 2*soon))
	_, err := browse.Eval[browse.Void](page, `void kernel.execute("from ipykernel.comm import Comm; c = Comm(target_name='my_comm_target', data={'greeting': 1}); c.on_msg(lambda m: c.send(m['content']['data']))")`)
	require.NoError(t, err)
	opened := console(t, page, "cookbook: opened with", "greeting")
	got := console(t, page, "cookbook: got", `"data":{"foo":0}`)
	line := func(m browse.Message) string { // without the message
		text, _, _ := strings.Cut(m.Text, ` {"header"`)
		return text
	}
	_, err = browse.Eval[browse.Void](page, fmt.Sprintf(`void (document.body.innerText = %q)`, line(opened)+"\n"+line(got)))
	require.NoError(t, err)
}
