// What tasks.js uses of React.

declare module "*/static/react.js" {
  export function createElement(type: string | ((props: any) => unknown), props: object | null, ...children: unknown[]): unknown;
  export function createRoot(container: Element): { render(element: unknown): void; unmount(): void };
  export function useState<T>(first: T): [T, (next: T) => void];
  export function useSyncExternalStore<T>(subscribe: (listener: () => void) => () => void, get: () => T): T;
}
