import type { Download, Format } from './downloads.ts';
import type { Task, Track } from './tasks/task.ts';

/** What is to be trained, and how. */
export interface Setup {
  /** The cell. */
  readonly text: string;
  /** The name of the task. */
  readonly task: string;
  /** Of a sequence. */
  readonly steps: number;
  /** Of the cell, by name, where the reader has chosen some. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly learningRate: number;
}

/** What the page looks at. */
export interface Gaze {
  /** Which sample. */
  readonly sample: number;
  /** The step whose output is asked about; the last one where there are fewer. */
  readonly asked: number;
}

/** What the page tells the worker. */
export type Command =
  | { readonly kind: 'open'; readonly setup: Setup; readonly gaze: Gaze }
  | { readonly kind: 'run' | 'pause' | 'step' }
  | { readonly kind: 'rate'; readonly learningRate: number }
  | { readonly kind: 'look'; readonly gaze: Gaze }
  /** The page is about to draw: what is new? */
  | { readonly kind: 'frame' }
  | { readonly kind: 'save'; readonly format: Format };

/** What the worker tells the page, each time in answer to a command. */
export type Report =
  | ({ readonly kind: 'opened' } & Opened)
  /** There is no network. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The command was not done, and nothing has changed. */
  | { readonly kind: 'failed'; readonly reason: string }
  | ({ readonly kind: 'frame' } & Frame)
  /** There is nothing to draw. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'saved'; readonly download: Download };

/** What can be trained. */
export interface Opened {
  /** Those that the task leaves open, by name. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly baseline: Task['baseline'];
}

/** How far it is. */
export interface Frame {
  /** Steps that were taken. */
  readonly steps: number;
  /** Of the steps since the frame before. */
  readonly losses: Float32Array;
  /** Of the last step, before it was clipped. */
  readonly gradientNorm: number;
  readonly running: boolean;
  /** Why it runs no more, where it cannot. */
  readonly stopped: string | undefined;
  readonly view: View;
}

/** A sequence, and what the network does with it. */
export interface View extends Gaze {
  readonly tracks: readonly Track[];
  /** How much the output after the step `asked` moves with each input. */
  readonly influence: Float32Array;
  /** For each step, as numbers. */
  readonly inputs: readonly Float32Array[];
  readonly outputs: readonly Float32Array[];
}
