// What holds on every page whatever its colours: one heading, and nothing that scrolls sideways.

import { addresses, expect, open, test } from './onehop.js';

for (const address of addresses) {
  test(`${address} has one heading of the first level`, async ({ page }) => {
    await open(page, address);
    await expect(page.locator('h1')).toHaveCount(1);
    await expect(page.locator('main h1')).not.toBeEmpty();
  });

  test(`nothing of ${address} scrolls sideways, down to 320 px`, async ({ page }) => {
    await open(page, address);
    for (const width of [1440, 768, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(needed).toBeLessThanOrEqual(width);
    }
  });
}
