// Built of src/sound and served there.
export { networkOf } from '../../dist/sound/exported-network.js';
