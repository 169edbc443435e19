// What a page has of gocomm.Widget once, whatever number of widgets there are: web/afm.js, and how it gets at the programs. front.js fetches it.
// `make build` puts it and what it imports into one file, gocomm/static/widget.js.
// @ts-check
import { compile, importText, program, replace, report } from "../../web/afm.js";

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
			const [wasm, runtime] = await Promise.all(files.slice(1).map(get));
			const { default: Go } = await importText(new TextDecoder().decode(runtime));
			return { module: await compile(wasm, now.name), Go };
		},
	});

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
