declare module 'virtual:minified' {
  export * from '@congruent/gpujs';
  /** The names of what is bundled from npm. */
  export const packages: readonly string[];
}
