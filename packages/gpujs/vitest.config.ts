import { project } from '../../tools/testing/vitest.ts';
import { useSoftwareVulkan } from './test/software-vulkan.ts';

useSoftwareVulkan();

export default project('gpujs');
