import { copy, type FloatArray, type LayerStream } from '@congruent/runtime';
import type { Buffer } from './engine.ts';
import type { Block } from './heap.ts';
import type { WasmLayer } from './layer.ts';

/** One layer stepped in the memory: state, input and working memory are a block that stays. */
export class WasmStream implements LayerStream<'sync'> {
  readonly state: Buffer;
  private readonly layer: WasmLayer;
  private readonly batch: number;
  private readonly block: Block;
  private readonly input: Buffer;
  private readonly scratch: number;
  private inputView: FloatArray;
  private stateView: FloatArray;
  private growths: number;

  constructor(layer: WasmLayer, batch: number, below: WasmStream | undefined) {
    const { engine, dimensions } = layer;
    const { kernel, heap, bytesPerElement } = engine;
    const { I, H } = dimensions;
    const ownInput = below ? 0 : batch * I;
    const [inputBytes, stateBytes] = [ownInput, batch * H].map(
      (length) => Math.ceil((length * bytesPerElement) / 64) * 64,
    ) as [number, number];
    this.layer = layer;
    this.batch = batch;
    this.block = heap.keep(inputBytes + stateBytes + kernel.scratch_bytes(I, H, batch, batch));
    this.input = below ? below.state : { at: this.block.at, length: ownInput };
    this.state = { at: this.block.at + inputBytes, length: batch * H };
    this.scratch = this.state.at + stateBytes;
    this.inputView = engine.view(this.input);
    this.stateView = engine.view(this.state);
    this.growths = heap.growths;
  }

  write(input: FloatArray): void {
    this.refresh();
    copy(input, this.inputView);
  }

  step(): void {
    const { layer, scratch, batch, input, state } = this;
    const { I, H } = layer.dimensions;
    layer.engine.kernel.step(I, H, layer.weights.at, scratch, batch, input.at, state.at);
  }

  read(into: FloatArray): void {
    this.refresh();
    copy(this.stateView, into);
  }

  setState(state: FloatArray): void {
    this.refresh();
    this.stateView.set(state);
  }

  dispose(): void {
    this.layer.engine.heap.drop(this.block);
  }

  private refresh(): void {
    const { engine } = this.layer;
    if (this.growths === engine.heap.growths) return;
    this.inputView = engine.view(this.input);
    this.stateView = engine.view(this.state);
    this.growths = engine.heap.growths;
  }
}
