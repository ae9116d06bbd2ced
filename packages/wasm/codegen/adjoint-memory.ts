import type { AdjointPlan } from './adjoint-plan.ts';
import { type Extent, inF64, product, sum, total, up } from './extent.ts';
import { VECTOR_BYTES } from './lanes.ts';
import { type Piece, sizeOf } from './layout.ts';
import { CHUNK_ROWS, SLACK_BYTES } from './memory.ts';
import { define, type Wat } from './wat.ts';

/** How much memory a caller has to provide. */
export function adjointSizeFunctions(plan: AdjointPlan): Wat[] {
  const { dimensions, weights } = plan.layout;
  const size = (name: string, comment: string, more: readonly string[], bytes: Extent): Wat[] =>
    define({ name, comment, parameters: [...dimensions, ...more], type: 'f64', result: 'f64', exported: true }, [
      inF64(bytes),
    ]);
  const recorded = total(plan.program.adjoint.adjoint.kept.flatMap(({ shape }) => shape));
  return [
    ...size('trace_bytes', 'What `record` stores of each row.', [], product(plan.lanes.bytes, recorded)),
    ...size('adjoint_weights_bytes', 'The bytes that `prepare_adjoint` fills.', [], sizeOf(weights)),
    ...size(
      'adjoint_scratch_bytes',
      'Working memory of `pull_back` for sequences of `rows` rows, at most `batch` of them in a step.',
      ['rows', 'batch'],
      sum(sizeOf(adjointScratch(plan)), SLACK_BYTES),
    ),
  ];
}

/** The scratch memory of the backward pass, piece by piece. */
export function adjointScratch({ layout }: AdjointPlan): readonly Piece[] {
  const rowsOf = { sequence: 'rows', step: 'batch', chunk: { kind: 'min', of: ['rows', CHUNK_ROWS] } } as const;
  const arrays = layout.scratch.map(({ name, rowBytes, per, comment }): Piece => {
    return { name, bytes: up(product(rowsOf[per], rowBytes), VECTOR_BYTES), comment };
  });
  return [...arrays, ...layout.sums.scratch];
}
