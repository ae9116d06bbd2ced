import { type DType, type Emitter, type Program, planFor, signatureDeclaration, type Target } from '@congruent/codegen';
import { type Lanes, lanesOf } from './lanes.ts';
import { inferenceModule, trainingModule } from './modules.ts';
import { columnOf } from './panels.ts';
import { print, type Wat } from './wat.ts';

const VARIANTS: readonly { readonly dtype: DType; readonly relaxed: boolean }[] = [
  { dtype: 'float32', relaxed: false },
  { dtype: 'float64', relaxed: false },
  { dtype: 'float32', relaxed: true },
  { dtype: 'float64', relaxed: true },
];

/** The locals of functions that have values of plans beside them; all others have a dot in their names. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['weights', 'scratch', 'batch_sizes', 'steps', 'rows', 'reverse', 'batch', 'capacity'],
  ...['row', 't', 'end', 'chunk', 'in_chunk', 'count', 'length', 'j', 'left', 'copied'],
]);

const targetFor = ({ count }: Lanes): Target => ({
  reserved: RESERVED,
  lanes: count,
  packed: (rows) => columnOf(rows, count),
  stageByStage: true,
});

/** Emits WebAssembly SIMD: for each element type and mode a module for inference and one for gradients. */
const emitter: Emitter = {
  name: 'wasm',
  emit(program: Program) {
    const { name } = program.cell;
    const modules = VARIANTS.flatMap(({ dtype, relaxed }) => {
      const path = `${name}.${dtype}${relaxed ? '.relaxed' : ''}`;
      const lanes = lanesOf(dtype, relaxed);
      const plans = planFor(program, targetFor(lanes), dtype);
      const file = (of: string, module: Wat) =>
        ({ kind: 'webassembly', path: of, module: `${print(module)}\n` }) as const;
      return [file(path, inferenceModule(plans, lanes)), file(`${path}.training`, trainingModule(plans, lanes))];
    });
    const declarations = [
      { kind: 'import', names: ['CellSignature'], from: '@congruent/runtime', typeOnly: true } as const,
      signatureDeclaration(program),
    ];
    return [{ kind: 'typescript', path: `${name}.ts`, declarations }, ...modules];
  },
};

export default emitter;
