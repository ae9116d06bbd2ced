import {
  compile,
  type Plans,
  type Program,
  planFor,
  printAdjoint,
  printCell,
  printDeclarations,
  printPlan,
  printSchedule,
} from '@congruent/codegen';
import { kernelsFor as gpujsKernels } from '@congruent/gpujs/emitter';
import { kernelsFor as nativeKernels } from '@congruent/native/emitter';
import { kernelsFor as scalarKernels } from '@congruent/scalar/emitter';
import type { Cell } from '@congruent/spec';
import { kernelsFor as wasmKernels } from '@congruent/wasm/emitter';
import { cellOfText } from '../cell-of-text.ts';
import { codeLanguage, namesOfPlans, SYNTAX } from './code.ts';
import type { Compiled, TextPane } from './compiled.ts';
import { mathematicsOf } from './mathematics.ts';
import { type Language, textPane } from './text-pane.ts';
import { type Values, valuesOf } from './values.ts';

/**
 * A text compiled, as every pane shows it.
 *
 * @throws SpecError where the text is no cell
 */
export function panesOf(text: string): Compiled {
  const cell = cellOfText(text);
  const program = compile(cell);
  const values = valuesOf(program);
  return {
    values: values.list,
    named: namesInText(cell, values),
    equations: mathematicsOf(program.ir, values),
    panes: [...notationPanes(program, values), ...codePanes(program, values)],
  };
}

/** The names of the text itself: those without an instance, and those of the equations that call a cell. */
function namesInText({ instances }: Cell, { list, of }: Values): Compiled['named'] {
  const own = list.flatMap(({ name }, index) => (name.includes('.') ? [] : [[name, index] as const]));
  const called = instances.flatMap(({ name, cell }) => {
    const value = of.get(`${name}.${cell.outputs[0]!.name}`);
    return name.includes('.') || of.has(name) || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...called, ...own]);
}

/** Words of the notation; comments in it are sentences. */
const NOTATION: Omit<Language, 'valuesOf'> = {
  words: /(?<comment> {2,}# .*)|(?<name>[A-Za-z_][\w.]*'?)(?!\()/g,
  defines: /^\s*(?:sum |load |store )?\[?(?<names>[A-Za-z_][\w.';\s]*?)\]? = /,
};

function notationPanes(program: Program, values: Values): readonly TextPane[] {
  const { of } = values;
  const language: Language = { ...NOTATION, valuesOf: (name) => (of.has(name) ? [of.get(name)!] : undefined) };
  const plans = plainest(program);
  const planned = namesOfPlans(plans, values);
  const [there, back] = [printPlan(plans.forward), printPlan(plans.backward)];
  return [
    textPane('ir', printCell(program.ir), language),
    textPane('schedule', printSchedule(program.forward), language),
    textPane('backward', printAdjoint(program), language),
    textPane('plan', `${there}\n\n${back}`, { ...NOTATION, valuesOf: (name) => planned.get(name) }),
  ];
}

/** The plans for a backend that wants nothing of its memory. */
const plainest = (program: Program): Plans => planFor(program, { reserved: new Set() }, 'float32');

function codePanes(program: Program, values: Values): readonly TextPane[] {
  const [scalar, wasm] = [scalarKernels(program), wasmKernels(program, { dtype: 'float32', relaxed: false })];
  const [gpujs, native] = [gpujsKernels(program), nativeKernels(program, 'float32')];
  const pane = (id: keyof typeof SYNTAX, text: string, plans: Plans): TextPane =>
    textPane(id, text, codeLanguage(SYNTAX[id], plans, values));
  return [
    pane('typescript', printDeclarations(scalar.declarations), scalar.plans),
    pane('wasm', wasm.inference(), wasm.plans),
    pane('gpujs', printDeclarations(gpujs.declarations), gpujs.plans),
    pane('c', native.text, native.plans),
  ];
}
