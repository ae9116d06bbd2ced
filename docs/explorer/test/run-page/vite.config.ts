import { mergeConfig, type UserConfig } from 'vite';
import page from '../../vite.config.ts';

const config: UserConfig = mergeConfig(page, { root: import.meta.dirname });

export default config;
