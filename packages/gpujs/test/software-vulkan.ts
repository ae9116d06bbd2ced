import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's package chromium has SwiftShader, a Vulkan in software, and a Vulkan loader. */
const CHROMIUM = process.env['CHROMIUM_LIBRARIES'] ?? '/usr/lib/chromium';

/**
 * Lets the package webgpu find a Vulkan driver: the machine's own where one is configured, else SwiftShader. To be
 * called before the tests' processes start, since the dynamic linker reads its path once.
 */
export function useSoftwareVulkan(): void {
  const driver = join(CHROMIUM, 'vk_swiftshader_icd.json');
  if (process.env['VK_ICD_FILENAMES'] || process.env['VK_DRIVER_FILES'] || !existsSync(driver)) return;
  process.env['VK_ICD_FILENAMES'] = driver;
  process.env['LD_LIBRARY_PATH'] = [process.env['LD_LIBRARY_PATH'], CHROMIUM].filter(Boolean).join(':');
  process.env['XDG_RUNTIME_DIR'] ??= mkdtempSync(join(tmpdir(), 'congruent-'));
}
