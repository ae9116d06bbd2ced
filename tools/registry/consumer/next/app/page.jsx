'use client';
import { GRU } from 'congruent';
import { useEffect, useState } from 'react';

export default function Page() {
  const [layers, setLayers] = useState(0);
  useEffect(() => {
    import('../../page/page.mjs');
    GRU.create({ inputSize: 2, hiddenSize: 4 }).then(({ options }) => setLayers(options.numLayers));
  }, []);
  return <p>{layers} layers</p>;
}
