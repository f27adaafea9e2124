// Exports the public API for `import`. Without this file, the default import would be the whole CommonJS
// module.

export * from './index.js';
export { IonStrategy as default } from './index.js';
