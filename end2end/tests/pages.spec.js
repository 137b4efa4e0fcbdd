// What holds on every page, at every width, in both schemes.

import AxeBuilder from '@axe-core/playwright';
import { addresses, expect, open, tags, test } from './onehop.js';

for (const address of addresses) {
  test.describe(address, () => {
    test('axe finds nothing', async ({ page }) => {
      await open(page, address);
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
      expect(found).toEqual([]);
    });

    test('there is one heading of the first level', async ({ page }) => {
      await open(page, address);
      await expect(page.locator('h1')).toHaveCount(1);
      await expect(page.locator('main h1')).not.toBeEmpty();
    });

    test('nothing scrolls sideways, down to 320 px', async ({ page }) => {
      await open(page, address);
      const { width } = page.viewportSize();
      for (const each of [width, 320]) {
        await page.setViewportSize({ width: each, height: 800 });
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(needed).toBeLessThanOrEqual(each);
      }
    });
  });
}
