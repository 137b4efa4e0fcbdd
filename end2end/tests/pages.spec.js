// What axe finds on every page, at every width, in both schemes.

import AxeBuilder from '@axe-core/playwright';
import { addresses, expect, open, tags, test } from './onehop.js';

for (const address of addresses) {
  test(`axe finds nothing on ${address}`, async ({ page }) => {
    await open(page, address);
    const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
    expect(found).toEqual([]);
  });
}
