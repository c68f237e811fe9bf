// What the server writes before the worker's text: its own scope under a name that has its type, and the release it is of.
declare const worker: ServiceWorkerGlobalScope;
declare const release: { readonly release: string; readonly shell: string; readonly files: readonly string[] };
