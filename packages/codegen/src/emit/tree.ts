/** One file that an emitter gives, as plain data; paths are below the backend's `src/generated`. */
export type EmittedFile =
  | { readonly kind: 'typescript'; readonly path: string; readonly declarations: readonly Declaration[] }
  | {
      /** A WebAssembly module in text form; becomes its bytes, in `path.ts`. */
      readonly kind: 'webassembly';
      readonly path: string;
      readonly module: string;
      /** Whether the text is written, too, as `path.wat`, for review. */
      readonly reviewed: boolean;
    }
  | {
      /** Anything else that is text, with the sign that its comments start with. */
      readonly kind: 'text';
      readonly path: string;
      readonly comment: string;
      readonly text: string;
    };

/** What stands at the top level of a TypeScript file. */
export type Declaration =
  | { readonly kind: 'import'; readonly names: readonly string[]; readonly from: string; readonly typeOnly?: boolean }
  | {
      /** All that a file exports, or with `as` an object of it. */
      readonly kind: 'reexport';
      readonly as?: string;
      readonly from: string;
      readonly doc?: string;
    }
  | (Named & { readonly kind: 'type'; readonly type: string })
  | (Named & { readonly kind: 'constant'; readonly type: string; readonly value: Block })
  | (Named & { readonly kind: 'interface'; readonly properties: readonly Property[] })
  | (Named & {
      readonly kind: 'function';
      readonly parameters: readonly Parameter[];
      readonly returns: string;
      readonly body: Block;
    });

interface Named {
  readonly name: string;
  readonly doc?: string;
  readonly exported?: boolean;
}

export interface Property {
  readonly name: string;
  readonly type: string;
  readonly doc?: string;
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
}

/** Lines of code, and blocks that stand indented between two of them: `[head, body, end]`. */
export type Block = readonly (string | Block)[];
