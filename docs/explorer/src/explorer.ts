/** What the parts of the page share. */
export interface Explorer {
  /** Calls a listener with the text of the cell that stands, at once, and with that of each one after it. */
  onCell(listener: (text: string) => void): void;
  readonly settings: Settings;
  /** Aborted once the page is left: workers end, and nothing listens any more to what outlives it. */
  readonly left: AbortSignal;
}

/** What the page's address keeps, so that what one sees can be sent to someone: short texts by name. */
export interface Settings {
  get(name: string): string | undefined;
  /** Without a text the name goes. */
  set(name: string, text: string | undefined): void;
  /** Calls a listener once somebody has followed a link by which some setting changes whose name begins so. */
  onFollowed(prefix: string, listener: () => void): void;
}
