// What a page has of gocomm.Widget once, whatever number of widgets there are: web/afm.js, and how it gets at the programs. front.js fetches it.
// `make build` puts it and what it imports into one file, gocomm/static/widget.js.
// @ts-check
import { compile, importText, program, replace, report } from "../../web/afm.js";
import { bytesOf } from "../../web/runtime/buffers.js";
import { fromDelta, inflate, known, SUFFIX } from "../../web/runtime/compressed.js";

/** @typedef {import("../../web/afm.js").AnyModel} Model */
/** @typedef {import("./front.js").Told} Told */

/**
 * The front-end module of one widget.
 * @param {Model} model
 * @param {(file: import("./front.js").File) => Promise<any>} get
 * @param {(model: Model, what: string) => Promise<any>} ask
 */
export function widget(model, get, ask) {
	/** @returns {Told} */
	const told = () => model.get("_gocomm_program");

	/** @param {Told} now */
	const source = (now) => ({
		name: now.name,
		hash: now.hash || "none of " + now.name,
		dev: now.dev,
		maxSend: now.maxSend,
		/** @param {Model} model */
		recover: (model) => model.send({ gocomm: "state" }),
		/** @param {Model} model */
		async load(model) {
			// Where there was no program, Python looks again: the user has pressed Reload.
			const { error, files } = now.error ? /** @type {Told} */ (await ask(model, "look")) : now;
			if (error) throw new Error(error);
			const [module, runtime] = await Promise.all([fetched(now.name, files), get(files[2])]);
			const { default: Go } = await importText(new TextDecoder().decode(runtime));
			return { module, Go };
		},
	});

	/** How this page makes the program of a smaller form, if it can. @param {import("./front.js").File} file */
	const unpacking = async ([, path, , base]) => {
		if (path.endsWith(".br")) return SUFFIX === ".br" ? (/** @type {any} */ bytes) => inflate(bytes, "brotli") : undefined;
		const other = base && (await known(base));
		return other ? (/** @type {any} */ bytes) => fromDelta(other, bytes) : undefined;
	};

	/** @param {string} name @param {import("./front.js").File[]} files */
	const fetched = async (name, files) => {
		for (const file of files.slice(3)) { // the smallest one is first
			try {
				const unpack = await unpacking(file);
				if (unpack) return await compile(await unpack(bytesOf(await get(file))), name);
			} catch {
				// The program as it is in gzip says what is wrong.
			}
		}
		return compile(await get(files[1]), name);
	};

	const pair = program(source(told()));
	return {
		/** @param {import("../../web/afm.js").InitializeProps} context */
		initialize(context) {
			const stop = pair.initialize(context);
			let shown = told().hash;
			const changed = () => {
				const now = told();
				report(now.name, now.report ?? "");
				if (now.error || now.hash === shown) return;
				shown = now.hash;
				replace(source(now), model).catch((e) => report(now.name, e.message));
			};
			model.on("change:_gocomm_program", changed);
			if (told().report) changed();
			return () => {
				model.off("change:_gocomm_program", changed);
				stop();
			};
		},
		render: pair.render,
	};
}
