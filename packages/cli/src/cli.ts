import { readFileSync } from 'node:fs';
import { namesOf } from './cells/cell-file.ts';
import { cells } from './cells/cells.ts';
import { UsageError } from './commands/usage.ts';

const HELP = `congruent: recurrent cells from equations to kernels, and the models that have them

  congruent inspect MODEL [--all]  what a model file has: its tensors, its recurrent layers, and the lines that run each
  congruent convert MODEL --out FILE.safetensors [--layer NAME]
                                   its tensors, or the parameters of one layer by torch's names, as .safetensors
  congruent generate FILE --backend NAME --out DIR [--check]
                                   write classes for the cells that FILE exports, to run on a backend: wasm is the package
                                   @congruent/wasm, or a package by its own name. FILE#CELL is one of them. MODEL#NAME is
                                   the cell of a layer whose equations are its own, MODEL all such cells
  congruent generate [--backend NAME] [--root DIR] [--check]
                                   in the repository of congruent: write src/generated of one backend, or of every one
  congruent export MODEL [--layer NAME] --target wasm|c --name NAME --out DIR [--no-simd] [--training]
                                   write a layer with its weights: as a WebAssembly module with its wrapper, or as a
                                   header of C
  congruent export MODEL --cell CELL [--prefix P] …
                                   the same of tensors that have the names of a cell's: one of those below, or FILE#CELL
  congruent show CELL [VIEW ...]   print a cell: one of those below, FILE#CELL, or FILE where it exports one
  congruent --help, --version      print this, or the version

MODEL: .safetensors, PyTorch .pt or .pth, .onnx, Keras .keras or .h5, model.json of TensorFlow.js, RTNeural .json, .nam
FILE: a module of TypeScript or JavaScript that exports what cell\`…\` or defineCell('…') of @congruent/spec gives
--layer: a layer by its name or number, as inspect lists it; needless where there is one
--files: the folder of the files that a model refers to, where they do not lie beside it
--all: every tensor by itself
--prefix: what stands before the cell's names in the file, where it has several layers
--no-simd: for engines without vectors; same bits
--training: with the backward step, where the target has one
--check: change nothing, exit 1 if anything would change

views (default --equations):
  --equations   the specification
  --ir          the equations as the compiler sees them, with every shape
  --schedule    what is computed when
  --plan        where every value lies, for a backend that asks for nothing in particular
  --functions   the functions the cell calls, as basic operations in float32
  --latex       the equations in LaTeX
  --adjoint     the backward pass, derived from the equations: its schedule; with --plan, its plan; with --latex,
                its equations in LaTeX

cells: ${namesOf(cells)}, and those of @congruent/spec/catalogue
exit codes: 0 done, 1 generated files are out of date, or it failed, 2 wrong usage`;

type Command = (args: readonly string[]) => Promise<number>;

/** Each is loaded when it is asked for, as some take seconds to load: ts-morph and binaryen. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  inspect: async () => (await import('./commands/inspect.ts')).runInspect,
  convert: async () => (await import('./commands/convert.ts')).runConvert,
  generate: async () => (await import('./commands/generate.ts')).runGenerate,
  export: async () => (await import('./commands/export.ts')).runExport,
  show: async () => (await import('./commands/show.ts')).runShow,
};

async function main(words: readonly string[]): Promise<number> {
  const [command, ...rest] = words;
  if (command === undefined || command === 'help' || words.some((word) => ['--help', '-h'].includes(word))) {
    console.log(HELP);
    return command === undefined ? 2 : 0;
  }
  if (command === '--version') {
    console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
    return 0;
  }
  if (!Object.hasOwn(COMMANDS, command)) {
    throw new UsageError(`there is no command ${command}. There are: ${Object.keys(COMMANDS).join(', ')}`);
  }
  return (await COMMANDS[command]!())(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  console.error(`congruent: ${error instanceof Error ? error.message : error}`);
  if (usage) console.error('Try: congruent --help');
  process.exitCode = usage ? 2 : 1;
}
