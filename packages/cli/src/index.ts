export { modelOf } from './export/model.ts';
export { filesOf, type TextFile } from './files/files.ts';
export { typescriptText } from './files/typescript.ts';
export { assemble } from './files/webassembly.ts';
export { findEmitters, type GenerateReport, generate } from './generate/repository.ts';
