import '../src/generated/gru.float64.sync.ts';
import './float64-worker.ts';
