import { runLayer } from './layer.mjs';

postMessage(runLayer());
