/** What is used of jsfive, which comes without types; names with an underscore are its own insides. */
declare module 'jsfive' {
  /** A message of an object's header. */
  interface HeaderMessage {
    get(field: 'type' | 'size' | 'flags' | 'offset_to_message'): number;
  }

  interface DataObjects {
    readonly msgs: readonly HeaderMessage[];
    /** Where the object's header is. */
    readonly offset: number;
    /** An attribute by its message: its name and value. */
    unpack_attribute(offset: number): [string, unknown];
  }

  export class Group {
    /** Names of what lies in it. */
    readonly keys: readonly string[];
    readonly _dataobjects: DataObjects;
    /** By name where the header of an object is, or where a soft link leads. */
    readonly _links: Readonly<Record<string, number | string | undefined>>;
    get(name: string): Group | Dataset | null;
  }

  export class File extends Group {
    constructor(bytes: ArrayBuffer, name: string);
  }

  export class Dataset {
    readonly _dataobjects: DataObjects;
    /** All elements, in a plain array with holes where nothing was ever written. */
    readonly value: unknown[];
  }

  /** By the number that HDF5 has for a filter, what undoes it. */
  export const Filters: Map<number, (chunk: ArrayBuffer, bytesPerElement: number) => ArrayBuffer>;
}
