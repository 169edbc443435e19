// Starts programs of that one Go version. Loading it and starting a program set no globals, so that programs of several Go
// versions live on one page, and a page's own `fs`, `process`, `path` or `Go` neither break a program nor are lost.

// The runtime often reads the clock, and to find it on the page costs as much again.
const { performance } = globalThis;
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

// Places in Go's table of values.
const NULL = 2, GLOBAL = 5, RUNTIME = 6;
const NAN_HEAD = 0x7ff80000; // the upper half of a value that is no number
const PENDING = "_pendingEvent";

export default class Go extends scope.Go {
	#starting = false;
	#pending = 0; // where the text PENDING stands in Go's memory

	constructor() {
		super();
		const imports = this.importObject.gojs;
		const valueGet = imports["syscall/js.valueGet"];
		// Only the reading of a property sees the polyfills: calls need the real global object as their `this`.
		imports["syscall/js.valueGet"] = (sp) => {
			if (!this.#starting) {
				if (!this.#nothingPending(sp >>> 0, valueGet)) valueGet(sp);
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

	// Each time it is woken Go asks for the event that it is woken for. Where there is none that is told
	// here: to read the property's name out of memory would take longer than much of the rest.
	// The places in memory are those of wasm_exec.js. It gives the first answer itself: only if that is
	// found at the place where answers are written here, are the next ones given here.
	#nothingPending(sp, valueGet) {
		const { mem } = this;
		if (this._pendingEvent !== null || mem.getUint32(sp + 8, true) !== RUNTIME) return false;
		const name = mem.getUint32(sp + 16, true);
		if (name !== this.#pending) {
			if (mem.getUint32(sp + 24, true) !== PENDING.length || name + PENDING.length > mem.buffer.byteLength) return false;
			if (new TextDecoder().decode(new Uint8Array(mem.buffer, name, PENDING.length)) !== PENDING) return false;
			mem.setUint32(sp + 36, 0, true); // differs from the answer
			valueGet(sp);
			if (mem.getUint32(sp + 32, true) === NULL && mem.getUint32(sp + 36, true) === NAN_HEAD) this.#pending = name;
			return true;
		}
		mem.setUint32(sp + 32, NULL, true);
		mem.setUint32(sp + 36, NAN_HEAD, true);
		return true;
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
