// The public surface for `import`, where the default export of a CommonJS module would be the module.

export * from './index.js';
export { IonStrategy as default } from './index.js';
