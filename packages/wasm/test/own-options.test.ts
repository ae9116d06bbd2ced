import { ownOptionsAreKept } from '../../../tools/testing/own-options.ts';
import * as wasm from '../src/index.ts';

ownOptionsAreKept(wasm, { math: 'exact', modules: {} });
