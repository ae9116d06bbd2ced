export { filesOf, type TextFile } from './files.ts';
export { findEmitters, type GenerateReport, generate } from './generate.ts';
export { typescriptText } from './typescript.ts';
export { assemble } from './webassembly.ts';
