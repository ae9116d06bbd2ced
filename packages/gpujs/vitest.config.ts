import { mergeConfig } from 'vitest/config';
import { project } from '../../tools/testing/vitest.ts';
import { useSoftwareVulkan } from './test/software-vulkan.ts';

useSoftwareVulkan();

// One file at a time: a graphics device in software takes every core.
export default mergeConfig(project('gpujs'), { test: { fileParallelism: false } });
