// Built of src/sound and served there.
export { Denoiser } from '../../dist/sound/denoiser.js';
