import type { MapStage } from '../schedule/schedule.ts';
import type { MapPlan, View } from './plan.ts';
import { readsOf } from './readers.ts';

/** A fused loop, with the places of what it loads and stores. */
export function planMap(
  stage: MapStage,
  read: (name: string) => View,
  writes: (name: string) => readonly View[],
  recorded: (name: string) => readonly View[] = () => [],
): MapPlan {
  const to = (names: readonly string[], places: (name: string) => readonly View[]): MapPlan['stores'] =>
    names.flatMap((name) => places(name).map((view) => ({ name, to: view })));
  return {
    kind: 'map',
    shape: stage.shape,
    loads: readsOf(stage).map((name) => ({ name, from: read(name) })),
    definitions: stage.definitions,
    stores: [...to(stage.stores, writes), ...to(stage.records, recorded)],
  };
}
