import { runLayer } from './layer.mjs';

addEventListener('message', ({ source }) => source.postMessage(runLayer()));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
