// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: a Chromium, a login, checks that say what they found.
'use strict';
const { chromium } = require('playwright-core');
const fs = require('fs');

const [base, loginsFile, tmp] = process.argv.slice(2);
const logins = Object.fromEntries(JSON.parse(fs.readFileSync(loginsFile, 'utf8')).logins.map(l => [l.login, l.password]));

let checks = 0;
function check(ok, what) {
  checks++;
  if (!ok) throw new Error('FAILED: ' + what);
}
async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync'],
  });
}
// A page of its own, logged in; console errors and failed answers are collected in page.faults.
async function visitor(b, who, options) {
  const context = await b.newContext(Object.assign({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } }, options));
  const page = await context.newPage();
  page.faults = [];
  page.on('console', m => { if (m.type() === 'error') page.faults.push(m.text()); });
  page.on('pageerror', e => page.faults.push(String(e)));
  await page.goto(base + '/login');
  await page.fill('input[name=login]', who);
  await page.fill('input[name=password]', logins[who]);
  await Promise.all([page.waitForNavigation(), page.press('input[name=password]', 'Enter')]);
  check(page.url() === base + '/', who + ' logs in and comes to the workbench, not to ' + page.url());
  return page;
}
function run(name, fn) {
  (async () => {
    const b = await browser();
    try {
      await fn(b);
      console.log(`${name}: ${checks} checks ok`);
    } finally {
      await b.close();
    }
  })().catch(e => { console.error(e.message || e); process.exitCode = 1; });
}
module.exports = { base, tmp, check, visitor, run };
