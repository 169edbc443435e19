// What classic Notebook's pages offer to AMD modules (RequireJS).

interface AmdRequire {
	(dependencies: string[], ready?: (...modules: any[]) => void, failed?: (error: Error) => void): void;
	(module: string): any;
	toUrl(path: string): string;
	defined(module: string): boolean;
	specified(module: string): boolean;
	undef(module: string): void;
}

interface AmdDefine {
	(factory: ((...modules: any[]) => unknown) | object): void;
	(dependencies: string[], factory: (...modules: any[]) => unknown): void;
	(name: string, dependencies: string[], factory: (...modules: any[]) => unknown): void;
	amd: object;
}

declare const define: AmdDefine;
declare const require: AmdRequire;
declare const requirejs: AmdRequire;
