// The contract of afm.js: Go programs as anywidget front-end modules (AFM).

/** A widget's model as AFM hosts hand it out: anywidget, marimo, a page of one's own. */
export interface AnyModel {
  get(name: string): any;
  set(name: string, value: any): void;
  /** callbacks are ipywidgets' own: other hosts take none. */
  save_changes(callbacks?: any): void;
  send(content: any, callbacks?: any, buffers?: (ArrayBuffer | ArrayBufferView)[]): void;
  on(name: string, callback: (...args: any[]) => void): void;
  off(name?: string | null, callback?: ((...args: any[]) => void) | null): void;
  /** ipywidgets' manager, where there is one: it finds the models that traits refer to, and makes new ones. */
  widget_manager?: { get_model(id: string): Promise<AnyModel>; [name: string]: any };
}

export interface Source {
  /** What the program is called in messages; what replace and report go by. */
  name: string;
  /** Identifies the program's bytes. There is one instance for each on a page, which all its widgets share. */
  hash: string;
  /** Whether replace may put another program of the name into its place. */
  dev?: boolean;
  /**
   * How large a message to the kernel may be, in bytes; 8 MiB where nothing is said. A larger update or message of
   * Go's fails and changes nothing. Jupyter's server closes the connection on a message larger than its
   * websocket_max_message_size (in tornado_settings), 10 MiB: set it to less than the server's.
   */
  maxSend?: number;
  /**
   * Called when the connection to the kernel was lost and is back: asks the kernel for the model's state, with a
   * message of the widget's own. It is called on the pages of Jupyter, whose managers say so; the program hears of
   * it (Model.ObserveGap) with or without it.
   */
  recover?(model: AnyModel): void;
  /**
   * Called when the page has no program of this hash; again when it has failed and the user
   * presses Reload. model is that of the first widget that waits for it. What it rejects with
   * is shown in the views.
   */
  load(model: AnyModel): Promise<{ module: WebAssembly.Module; Go: new () => any }>;
}

export interface InitializeProps {
  model: AnyModel;
  signal?: AbortSignal;
  /** Custom messages that came before this module was there: content and buffers. */
  early?: [content: any, buffers?: (ArrayBuffer | ArrayBufferView)[]][];
}

export interface RenderProps {
  model: AnyModel;
  el: HTMLElement;
  signal?: AbortSignal;
}

/**
 * The two halves of a front-end module. They return at once, while the program may still load, and what
 * comes meanwhile is kept in order. Each returns a function that ends what it began; a signal does the same.
 */
export interface Pair {
  initialize(props: InitializeProps): () => void;
  render(props: RenderProps): () => void;
}

/** The version of this contract, and of the registry on the page: Symbol.for("gocomm.afm." + VERSION). */
export const VERSION: 1;

/**
 * The front-end module of one widget: export default () => program({…}). A pair for each widget is needed, since
 * hosts hand out a different model object to each initialize and render.
 */
export function program(source: Source): Pair;

/**
 * Loads a program and has it take the place of those of its name that are dev. Their widgets are
 * initialized again, with the state that their models have, and their views rendered anew. Until then, and if it
 * cannot be loaded, the old one goes on. Called for a hash that is there already, it does nothing.
 */
export function replace(source: Source, model: AnyModel): Promise<void>;

/** Shows a text, such as a compiler's error, above the views of all programs of a name; "" takes it away. */
export function report(name: string, text: string): void;

/** Compiles a program, gzipped or not. what says in errors where it comes from. */
export function compile(bytes: ArrayBuffer | ArrayBufferView, what: string): Promise<WebAssembly.Module>;

/** Imports an ES module from its text. */
export function importText(text: string): Promise<any>;
