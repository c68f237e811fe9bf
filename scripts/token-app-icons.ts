// Draws the token app's icons from the mark of the pages (views/assets/icon.svg), with Chromium. The results are kept in the
// repository; run it again when the mark changes: node --import tsx scripts/token-app-icons.ts
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findTool } from '../test/support/tools.ts';

const blue = '#0017c1';
const mark =
  '<path d="M12.5 9.5h-2a6.5 6.5 0 0 0 0 13h2M19.5 9.5h2a6.5 6.5 0 0 1 0 13h-2M11 16h10" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>';

/** `whole`: the ground goes to the edges, because systems cut their own shape out of it; the mark keeps to what they leave. */
const picture = (whole: boolean): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="${whole ? 0 : 7}" fill="${blue}"/>${
    whole ? `<g transform="translate(16 16) scale(.8) translate(-16 -16)">${mark}</g>` : mark
  }</svg>`;

const icons = [
  { name: 'icon-192', size: 192, whole: false },
  { name: 'icon-512', size: 512, whole: false },
  { name: 'maskable-192', size: 192, whole: true },
  { name: 'maskable-512', size: 512, whole: true },
  { name: 'apple-180', size: 180, whole: true },
];

const browser = await chromium.launch({
  executablePath: findTool('chromium') ?? '',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const { name, size, whole } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${picture(whole)}`);
    const png = await page.screenshot({ omitBackground: !whole });
    writeFileSync(new URL(`../views/token-app/${name}.png`, import.meta.url), png);
    await page.close();
  }
} finally {
  await browser.close();
}
