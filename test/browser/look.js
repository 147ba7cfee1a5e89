// SPDX-License-Identifier: Apache-2.0
// Every page fits a phone and a desk, says what it is, throws no error, and an accessibility checker finds nothing
// serious; the first screen stays within 25 KB compressed.
'use strict';
const { base, tmp, check, visitor, run } = require('./lib.js');
const axe = require('fs').readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const http = require('http');

const pages = ['/', '/new', '/r', '/r/dispute', '/r/request?state=closed', '/r/meeting', '/r/member', '/r/dispute/new',
  '/r/meeting/new', '/figures', '/figures/dispute.settled/records', '/reports', '/reports/situation', '/import', '/calendar',
  '/search?q=' + encodeURIComponent('楼道'), '/more', '/me', '/r/unit', '/r/grid', '/password'];

function weight(path, cookie) {
  return new Promise((resolve, reject) => {
    http.get(base + path, { headers: { 'Accept-Encoding': 'gzip', Cookie: cookie } }, r => {
      let n = 0;
      r.on('data', d => { n += d.length; });
      r.on('end', () => resolve(n));
    }).on('error', reject);
  });
}

// On paper: no navigation, lists stay tables with their head on each page, pages are numbered.
async function paper(b) {
  const fs = require('fs'), { execFileSync } = require('child_process');
  const page = await visitor(b, 'worker');
  for (const path of ['/r/dispute', '/reports/situation', '/figures']) {
    await page.goto(base + path);
    const file = `${tmp}/paper.pdf`;
    fs.writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
    const sheets = execFileSync('pdftotext', ['-layout', file, '-']).toString().split('\f').slice(0, -1);
    check(sheets.length > 1, `${path} fills more than one sheet`);
    sheets.forEach((s, i) => {
      check(new RegExp(`\\b${i + 1}\\s*/\\s*${sheets.length}\\b`).test(s), `${path}: sheet ${i + 1} is numbered`);
      check(!/台账\s+数字|记一笔|筛选|导出/.test(s), `${path}: sheet ${i + 1} has no navigation`);
    });
    check(sheets[sheets.length - 1].includes('江小舟'), `${path}: says who printed it`);
    if (path === '/r/dispute') sheets.slice(0, -1).forEach((s, i) => check(s.includes('登记编号') && s.includes('排查日期'), `sheet ${i + 1} has the table's head`));
  }
  await page.context().close();
}

// A ledger that waits to be confirmed: its address.
async function uploaded(page) {
  await page.goto(base + '/import');
  await page.setInputFiles('input[type=file]', 'test/formats/files/ledger.xlsx');
  await Promise.all([page.waitForNavigation(), page.click('main form[method=post] button.main')]);
  return new URL(page.url()).pathname;
}

// Large type: headings grow with the text, and nothing becomes too wide.
async function elder(b) {
  for (const width of [1280, 360]) {
    const page = await visitor(b, 'worker', { viewport: { width, height: 740 } });
    const size = sel => page.evaluate(s => parseFloat(getComputedStyle(document.querySelector(s)).fontSize), sel);
    await page.goto(base + '/r/dispute');
    const before = await size('h1');
    await page.goto(base + '/elder');
    for (const path of ['/', '/r/dispute', '/r/request/new', '/figures', '/reports/situation', '/more']) {
      await page.goto(base + path);
      check(await size('body') === 22 && await size('h1') > Math.max(before, 22), `${path} at ${width}: headings are larger than before and than the text`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      check(over <= 0, `${path} at ${width} px in large type is ${over} px too wide`);
    }
    await page.context().close();
  }
}

run('look', async b => {
  await paper(b);
  await elder(b);
  for (const width of [1280, 360]) {
    const page = await visitor(b, 'worker', { viewport: { width, height: 740 }, bypassCSP: true });
    const ledger = await uploaded(page);
    for (const path of [...pages, ledger]) {
      page.faults.length = 0;
      const answer = await page.goto(base + path);
      if (path === ledger) await page.evaluate(() => document.querySelectorAll('main details').forEach(d => { d.open = true; }));
      check(answer.status() === 200, `${path} answers 200, not ${answer.status()}`);
      check(await page.locator('h1').count() >= 1, `${path} has a heading`);
      check(await page.getAttribute('html', 'lang') === 'zh-Hans', `${path} says its language`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      check(over <= 0, `${path} at ${width} px is ${over} px too wide`);
      check(page.faults.length === 0, `${path}: ${page.faults.join('; ')}`);
      const small = await page.evaluate(() => Array.from(document.querySelectorAll('button,a.button,.places a,select'))
        .filter(e => e.offsetParent && !e.classList.contains('link') && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 80)));
      check(small.length === 0, `${path}: targets under 44 px: ${small.join(' ')}`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      const bad = found.violations.filter(v => v.impact === 'serious' || v.impact === 'critical');
      check(bad.length === 0, `${path} at ${width}: ` + bad.map(v => `${v.id} (${v.nodes[0].html.slice(0, 120)})`).join('; '));
    }
    if (width === 360) {
      const cookie = (await page.context().cookies()).map(c => `${c.name}=${c.value}`).join('; ');
      const urls = await page.evaluate(() => Array.from(document.querySelectorAll('link[rel=stylesheet],script[src]')).map(e => new URL(e.href || e.src).pathname + new URL(e.href || e.src).search));
      let sum = await weight('/', cookie);
      for (const u of urls) sum += await weight(u, cookie);
      check(sum <= 25 * 1024, `the first screen weighs ${sum} bytes compressed`);
    }
    await page.context().close();
  }
});
