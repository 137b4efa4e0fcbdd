// What a page shows is on its paper too: the file that is printed leads wherever the page's numbers and
// rows lead, and no row is hidden.

import { expect, open, test } from './onehop.js';

const addresses = [
  '/review',
  '/records/change_lead_time',
  '/workflows',
  '/workflows/checkout-delivery',
  '/explanations/change_lead_time',
  '/limits/change_lead_time',
  '/demo',
];

for (const address of addresses) {
  test(`${address} is whole on paper`, async ({ page }) => {
    await open(page, address);
    const shown = page.locator('main a.value, main tbody :is(th, td) a:not(.right)');
    const links = await shown.evaluateAll((all) => all.map((link) => link.href));
    expect(links.length).toBeGreaterThan(0);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const printed = [...pdf.matchAll(/\/URI \(((?:[^()\\]|\\.)*)\)/g)];
    const leads = new Set(printed.map(([, uri]) => uri.replaceAll(/\\(.)/g, '$1')));
    expect(links.filter((link) => !leads.has(link))).toEqual([]);

    await page.emulateMedia({ media: 'print' });
    const rows = page.locator('main tbody tr');
    const hidden = await rows.evaluateAll((all) => {
      // Numbers that are folded away beside their chart may stay so.
      const own = all.filter((row) => !row.closest('.hops .numbers'));
      return own.filter((row) => !row.checkVisibility()).map((row) => row.textContent);
    });
    expect(hidden).toEqual([]);
  });
}
