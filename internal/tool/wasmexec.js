// Starts programs of that one Go version. Loading it and starting a program set no globals, so that programs of several Go
// versions live on one page, and a page's own `fs`, `process`, `path` or `Go` neither break a program nor are lost.

// wasm_exec.js polyfills what it misses here, instead of on the page.
const scope = { crypto, performance, TextEncoder, TextDecoder };
// It names its polyfill of fs without `globalThis` in one place.
const fs = { writeSync: (fd, bytes) => scope.fs.writeSync(fd, bytes) };

(function (globalThis) {
/* wasm_exec.js */
})(scope);

// Go's packages read these from the global object while they are initialised.
const initial = { fs: scope.fs, process: scope.process, path: scope.path };
const globalDuringStart = new Proxy({}, {
	get: (_, name) => (Object.hasOwn(initial, name) ? initial[name] : Reflect.get(globalThis, name)),
});

const GLOBAL = 5; // js.Global() in Go's table of values

export default class Go extends scope.Go {
	#starting = false;

	constructor() {
		super();
		const imports = this.importObject.gojs;
		const valueGet = imports["syscall/js.valueGet"];
		// Only the reading of a property sees the polyfills: calls need the real global object as their `this`.
		imports["syscall/js.valueGet"] = (sp) => {
			if (!this.#starting) {
				valueGet(sp);
				return;
			}
			this._values[GLOBAL] = globalDuringStart;
			try {
				valueGet(sp);
			} finally {
				if (!this.exited) this._values[GLOBAL] = globalThis;
			}
		};
	}

	async run(instance) {
		if (!(instance instanceof WebAssembly.Instance)) {
			throw new Error("Go.run: WebAssembly.Instance expected");
		}
		const go = this;
		const start = (argc, argv) => {
			// wasm_exec.js took the scope for the global object.
			go._values[GLOBAL] = globalThis;
			go._ids.delete(scope);
			go._ids.set(globalThis, GLOBAL);
			go.#starting = true;
			try {
				return instance.exports.run(argc, argv);
			} finally {
				go.#starting = false;
			}
		};
		await super.run(Object.create(WebAssembly.Instance.prototype, {
			exports: { value: { ...instance.exports, run: start }, enumerable: true },
		}));
	}
}
