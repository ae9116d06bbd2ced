declare module '*.json' {
  const contents: unknown;
  export default contents;
}
