// Every page with text twice as large, and in the colours that a system forces.

import AxeBuilder from '@axe-core/playwright';
import { addresses, expect, open, tags, test } from './onehop.js';

async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
}

for (const address of addresses) {
  test(`${address} with text twice as large loses nothing`, async ({ page }) => {
    const browser = await page.context().newCDPSession(page);
    await browser.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
    await open(page, address);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px');
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(needed).toBeLessThanOrEqual(page.viewportSize().width);
    expect(await violations(page)).toEqual([]);
  });

  test(`${address} in forced colours`, async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await open(page, address);
    expect(await violations(page)).toEqual([]);
  });
}
