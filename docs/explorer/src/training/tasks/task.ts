import type { Random, Tensor } from '@congruent/runtime';

/** Sequences, and what is asked of them. */
export interface Batch {
  /** [steps, sequences, inputs] */
  readonly input: Tensor;
  /** For each asked step and each sequence the class, or the values of all outputs. */
  readonly targets: Float32Array;
}

/** What a task is measured with: the cross entropy of classes, in nats, or the mean squared error of values. */
export type Measure = 'classes' | 'values';

/** Something to learn, at a certain length. */
export interface Task {
  /** Values of a step. */
  readonly inputs: number;
  /** Classes, or values to be given. */
  readonly outputs: number;
  readonly steps: number;
  /** The first step whose output is asked; the outputs of all after it are asked as well. */
  readonly from: number;
  readonly measure: Measure;
  /** The loss of who has learnt nothing, and by what one has it. */
  readonly baseline: { readonly loss: number; readonly by: string };
  /** Sequences to learn from: those that the random numbers choose. */
  batch(random: Random, sequences: number): Batch;
  /** One sequence to be looked at; where there are finitely many, one that is not learnt from. */
  sample(random: Random): Batch;
  /**
   * A sequence, with what a network gave for it.
   *
   * @param sample  of one sequence
   * @param output  [steps, outputs]
   */
  show(sample: Batch, output: Float32Array): readonly Track[];
}

/** A row of a picture of a sequence: something for each step. */
export type Track = { readonly label: string } & (
  | {
      readonly kind: 'heat';
      /** From the top, each with a value for every step, from 0 to 1. */
      readonly rows: readonly Float32Array[];
    }
  | {
      readonly kind: 'symbols';
      /** Empty where a step has none. */
      readonly symbols: readonly string[];
      /** Whether each is right; left out where that is no question. */
      readonly right?: readonly boolean[];
    }
  | {
      readonly kind: 'lines';
      /** The values between which they usually lie. */
      readonly range: readonly [number, number];
      readonly lines: readonly Line[];
    }
);

/** What came, what was asked, or what the network gave. */
export interface Line {
  readonly label: 'input' | 'target' | 'output';
  /** NaN where a step has no value. */
  readonly values: Float32Array;
}

/** A task as a menu has it. */
export interface TaskKind {
  /** In the page's address. */
  readonly name: string;
  readonly title: string;
  /** What is asked, in a sentence or two. */
  readonly about: string;
  /** How long its sequences may be, and are when nobody says. */
  readonly steps: { readonly least: number; readonly most: number; readonly usual: number };
}
