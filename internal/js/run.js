// Runs the tests of test/ in headless Chromium: `dist/tool jstest` calls it.
//
//   node run.js [-grep TEXT] [FILE ...]
//
// CHROME_PATH names the browser, GOCOMM_WEB is the URL at which dist/web is served.

import { fileURLToPath } from "node:url";

import { chromeLauncher, defaultReporter, startTestRunner } from "@web/test-runner";

const args = process.argv.slice(2);
const grep = args[0] === "-grep" ? args.splice(0, 2)[1] : undefined;
const files = args.length > 0 ? args.map((name) => `test/${name.replace(/(\.test\.js)?$/, ".test.js")}`) : ["test/*.test.js"];
const { CHROME_PATH, GOCOMM_WEB } = process.env;
if (!CHROME_PATH || !GOCOMM_WEB) throw new Error("CHROME_PATH and GOCOMM_WEB are needed: run this with `dist/tool jstest`");

const rootDir = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");

const config = {
  rootDir,
  files: files.map((name) => `${rootDir}/${name}`),
  hostname: "127.0.0.1",
  nodeResolve: true, // for chai
  concurrency: 2,
  browsers: [chromeLauncher({
    createPage: async ({ context }) => {
      const page = await context.newPage();
      // Each page is as one that the user sees: it has frames.
      await (await page.createCDPSession()).send("Emulation.setFocusEmulationEnabled", { enabled: true });
      return page;
    },
    launchOptions: {
      executablePath: CHROME_PATH,
      // Chromium refuses to run as root with its sandbox.
      args: ["--disable-gpu", "--disable-quic", "--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    },
  })],
  testFramework: { config: { ui: "bdd", timeout: 130_000, ...(grep && { grep }) } },
  testsStartTimeout: 60_000,
  testsFinishTimeout: 600_000,
  testRunnerHtml: (/** @type {string} */ framework) => `<!doctype html>
    <script>globalThis.GOCOMM_WEB = ${JSON.stringify(GOCOMM_WEB)}</script>
    <script type="module" src="${framework}"></script>`,
  staticLogging: true,
  reporters: [defaultReporter({ reportTestProgress: false })],
};

const runner = await startTestRunner({ config, readCliArgs: false, readFileConfig: false, autoExitProcess: false });
if (!runner) process.exit(1); // it has said why
process.on("SIGINT", () => runner.stop());

/** @type {Promise<boolean>} */
const stopped = new Promise((resolve) => runner.on("stopped", resolve));
let passed = await stopped || grep !== undefined; // to the runner, a test left out by -grep has failed
let done = 0, failed = 0, skipped = 0;
for (const session of runner.sessions.all()) {
  const all = session.testResults ? testsOf(session.testResults) : [];
  const ran = all.filter((t) => !t.skipped && (!grep || t.passed || t.error));
  skipped += all.length - ran.length;
  failed += ran.filter((t) => !t.passed).length;
  done += ran.filter((t) => t.passed).length;
  if (ran.length === 0 && !grep) {
    console.error(`${session.testFile}: no test ran`);
    passed = false;
  }
}
if (done === 0 || failed > 0) passed = false;
console.error(`JavaScript in Chromium: ${done} tests passed, ${failed} failed, ${skipped} skipped${passed ? "" : ": FAILED"}`);
process.exit(passed ? 0 : 1);

/**
 * The tests of a suite and of the suites in it.
 * @param {import("@web/test-runner-core").TestSuiteResult} suite
 * @returns {import("@web/test-runner-core").TestResult[]}
 */
function testsOf(suite) {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}
