/** The GRU that the AudioWorklet runs: small, as in models of guitar amplifiers. */
export const AUDIO_GRU = { inputSize: 1, hiddenSize: 16 } as const;

/** A weight's value from its index, so that no weights have to be sent anywhere. */
export const weightOf = (_: number, index: number): number => Math.sin(12.9898 * (index + 1)) / 2;
