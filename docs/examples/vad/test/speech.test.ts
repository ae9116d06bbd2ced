import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AudioError, CHUNK, chunksOf, samplesOf } from '../src/speech.ts';

const recording = readFileSync(new URL('../data/speech.wav', import.meta.url));

test('a .wav file gives its samples, in whole chunks', () => {
  const samples = samplesOf('speech.wav', recording);
  expect(samples.length).toBe(20 * CHUNK);
  expect(Math.max(...samples)).toBeLessThan(1);
  expect(samples[5000]).toBe(recording.readInt16LE(44 + 2 * 5000) / 2 ** 15);
  expect(chunksOf(samples.subarray(0, 3 * CHUNK - 1)).map(({ length }) => length)).toEqual([CHUNK, CHUNK]);
});

test('other chunks of the file are skipped, and one that is cut off ends where the file does', () => {
  const [head, rest] = [recording.subarray(0, 12), recording.subarray(12)];
  const odd = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  const samples = samplesOf('speech.wav', Buffer.concat([head, odd, rest.subarray(0, 1001)]));
  expect([...samples]).toEqual([...samplesOf('speech.wav', recording).subarray(0, samples.length)]);
  expect(samples.length).toBe(484);
});

test.each([
  ['of another rate', (file: Buffer) => file.writeUInt32LE(44_100, 24), 'is 1 channels, 44100 Hz, 16 bits;'],
  ['of two channels', (file: Buffer) => file.writeUInt16LE(2, 22), 'is 2 channels, 16000 Hz, 16 bits;'],
  ['of floats', (file: Buffer) => file.writeUInt16LE(3, 20), 'is 1 channels, 16000 Hz, 16 bits, coding 3;'],
  ['of another kind', (file: Buffer) => file.write('FORM'), 'is no .wav file;'],
])('a file %s is refused, with the command that converts it', (_, change, message) => {
  const file = Buffer.from(recording);
  change(file);
  expect(() => samplesOf('a b.wav', file)).toThrow(AudioError);
  expect(() => samplesOf('a b.wav', file)).toThrow(`a b.wav ${message}`);
  expect(() => samplesOf('a b.wav', file)).toThrow('ffmpeg -i "a b.wav" -ac 1 -ar 16000 -c:a pcm_s16le speech.wav');
});

test('no part of a file is read beyond its end', () => {
  for (let length = 0; length < 60; length++) {
    try {
      samplesOf('part.wav', recording.subarray(0, length));
    } catch (error) {
      expect(error).toBeInstanceOf(AudioError);
    }
  }
});
