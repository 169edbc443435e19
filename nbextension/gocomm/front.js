// What gocomm.Widget gives anywidget as its front-end module (`_esm`). It travels with each widget, so it is small: it fetches page.js, once per
// page, and hands over to it. A file comes by URL where Python has seen it served, and the browser finds its hash right; else from the kernel,
// over a widget's comm. anywidget waits 2 s for what is done at first, so that nothing is awaited. `make build` minifies this.
// @ts-check
/** @typedef {import("../../web/afm.js").AnyModel} Model */
/** A file: its hash (sha256-BASE64), its path on the server, where that is: 1 below nbextensions, 2 labextensions, 3 both, and what a delta is for (compressed.js). @typedef {[string, string, number, string?]} File */
/** What Python tells, in the trait _gocomm_program. @typedef {{name: string, hash: string, kernel: string, files: File[], shows: string[], dev?: boolean, maxSend?: number, report?: string, error?: string}} Told */

/**
 * What all modules of this kind share on a page.
 * @type {{files: Map<string, Promise<any>>, models: Set<Model>, looks: Set<() => void>, code?: Promise<import("./page.js")>}}
 */
const page = (/** @type {any} */ (globalThis)[Symbol.for("gocomm.page.1")] ??= { files: new Map(), models: new Set(), looks: new Set() });

/** @param {Model} model @returns {Told} */
const told = (model) => model.get("_gocomm_program");

/**
 * Asks Python, and returns what it answers: a buffer, or what is told anew.
 * @param {Model} model @param {string} what
 */
const ask = (model, what) => new Promise((resolve, reject) => {
	const hear = (/** @type {any} */ answer, /** @type {DataView[] | undefined} */ buffers) => {
		if (answer?.gocomm !== what) return;
		model.off("msg:custom", hear);
		answer.error ? reject(Error(answer.error)) : resolve(answer.told ?? buffers?.[0]);
	};
	model.on("msg:custom", hear);
	model.send({ gocomm: what });
});

/**
 * Asks one model of each kernel that has the file: a model that is closed, and a kernel that ends, do not answer any more.
 * @param {string} hash
 */
const fromKernel = (hash) => new Promise((resolve, reject) => {
	/** @type {Map<string, Model>} */
	const asked = new Map();
	const look = () => {
		for (const model of page.models) {
			const { kernel, files } = told(model);
			if (page.models.has(/** @type {Model} */ (asked.get(kernel))) || !files.some((f) => f[0] === hash)) continue;
			asked.set(kernel, model);
			ask(model, hash).then(resolve, reject).finally(() => page.looks.delete(look));
		}
	};
	page.looks.add(look);
	look();
});

/** @param {File} file @returns {Promise<ArrayBuffer | DataView>} */
const fetched = async ([hash, path, served]) => {
	const lab = document.getElementById("jupyter-config-data"), { baseUrl } = document.body.dataset; // Voilà has labextensions where it says
	const base = lab ? JSON.parse(lab.textContent ?? "").fullLabextensionsUrl : baseUrl && baseUrl + "nbextensions";
	if (base && served & (lab ? 2 : 1)) {
		try {
			return await (await fetch(base + "/" + path, { integrity: hash, cache: "no-cache" })).arrayBuffer();
		} catch {
			// What is there is another file, or a page that asks who is there.
		}
	}
	return fromKernel(hash);
};

/** @param {File} file @returns {Promise<any>} */
const get = (file) => {
	const [hash] = file, { files } = page;
	if (!files.has(hash)) files.set(hash, fetched(file).finally(() => files.delete(hash)));
	return /** @type {Promise<any>} */ (files.get(hash));
};

export default () => {
	/** @type {ReturnType<import("./page.js")["widget"]>} */
	let own;
	/** @param {Model} model */
	const ready = async (model) => {
		const code = page.code ??= get(told(model).files[0]).then((bytes) => import(URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }))));
		code.catch(() => { page.code = undefined; });
		const { widget } = await code;
		return own ??= widget(model, get, ask);
	};
	return {
		/** @param {{model: Model, signal?: AbortSignal}} context */
		initialize({ model, signal }) {
			/** @type {[any, DataView[]][]} */
			const early = [];
			let bytes = 0;
			const hear = (/** @type {any} */ content, /** @type {DataView[]} */ buffers = []) => {
				if (early.length > 65536 || bytes > 1 << 26) return; // the limits of held-queue.js: the program's model will say so
				early.push([content, buffers]);
				for (const b of buffers) bytes += b.byteLength;
			};
			const { models, looks } = page;
			const seen = () => looks.forEach((look) => look());
			let stop = () => {}, open = true;
			model.on("msg:custom", hear);
			models.add(model);
			seen();
			ready(model).then((o) => {
				model.off("msg:custom", hear);
				if (open) stop = o.initialize({ model, signal, early });
			}, () => {}); // each view says it
			return () => {
				open = false;
				models.delete(model);
				seen();
				model.off("msg:custom", hear);
				stop();
			};
		},
		/** @param {{model: Model, el: HTMLElement, signal?: AbortSignal}} context */
		async render({ model, el, signal }) {
			const { name, shows } = told(model), p = document.createElement("p");
			const say = (/** @type {string} */ why) => {
				p.textContent = [name, ...shows.map((n) => n + "=" + JSON.stringify(model.get(n)))].join(" ") + ": " + why;
				el.append(p);
			};
			const soon = setTimeout(say, 500, "its program comes from a running kernel");
			try {
				const o = await ready(model);
				p.remove();
				return o.render({ model, el, signal });
			} catch (e) {
				say(/** @type {Error} */ (e).message);
			} finally {
				clearTimeout(soon);
			}
			return undefined;
		},
	};
};
