// SPDX-License-Identifier: Apache-2.0
// A reference with too many records for a list: a part of the name or the initials of its pinyin find it, with and
// without JavaScript; the interface that the page asks says nothing to who may not choose.
'use strict';
const fs = require('fs');
const { base, tmp, check, visitor, run } = require('./lib.js');

const save = 'main form[method=post] .acts button.main';
const MANY = 203; // more than a list offers (200), with those of the demonstration
async function send(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

// A unified social credit code (GB 32100) of this number.
function credit(n) {
  const digits = '0123456789ABCDEFGHJKLMNPQRTUWXY', head = '91990105' + String(n).padStart(9, '0');
  const sum = Array.from(head).reduce((s, c, i) => s + digits.indexOf(c) * (3 ** i % 31), 0);
  return head + digits[(31 - sum % 31) % 31];
}

async function call(path, body, headers) {
  const r = await fetch(base + '/api/v1/' + path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } });
  check(r.status === 201, path + ': ' + r.status);
  return r.json();
}
async function partners(page) {
  const searched = async () => { await page.goto(base + '/r/resource/new'); return await page.locator('[name="_q.partner"]').count() > 0; };
  check(!await searched(), 'a short list is offered whole');
  const word = JSON.parse(fs.readFileSync(tmp + '/logins.json', 'utf8')).logins.find(l => l.login === 'worker').password;
  const { token } = await call('session', { login: 'worker', password: word });
  const add = (name, n) => call('partner', { name, credit_code: credit(n), kind: 'company' },
    { Authorization: 'Bearer ' + token, 'Idempotency-Key': 'partner-' + n });
  await add('和塘路粮油店', 1);
  await add('和塘路五金店', 2);
  await add('望春花苗圃', 3);
  for (let n = 4; n <= MANY; n++) await add('商户' + n + '号', n);
  check(await searched(), 'a long one is searched');
}

async function begin(page) {
  await page.goto(base + '/r/resource/new');
  await page.check('[name=kind][value=venue]', { force: true });
  await page.fill('[name=content]', '会议室一间');
}
const listed = page => page.locator('[name=partner] option').evaluateAll(v => v.map(o => o.textContent).slice(1));
const chosen = page => page.locator('[name=partner] option:checked').textContent();

async function plain(page) {
  await begin(page);
  check((await listed(page)).length === 0, 'nothing is offered before something was looked for');
  await page.fill('[name="_q.partner"]', '和塘路');
  await send(page, 'button[name=_find]');
  check(String(await listed(page)) === '和塘路五金店,和塘路粮油店', 'a part of the name finds both: ' + await listed(page));
  check((await page.textContent('.find + .help')).includes('找到 2 条'), 'and says so');
  check(await page.inputValue('[name=content]') === '会议室一间', 'what was typed is still there');
  check(await chosen(page) === '请选择', 'nobody is chosen for you');
  await page.selectOption('[name=partner]', { label: '和塘路粮油店' });
  await page.fill('[name="_q.partner"]', '没有这家');
  await send(page, 'button[name=_find]');
  check(await chosen(page) === '和塘路粮油店', 'what was chosen stays: ' + await chosen(page));
  await page.selectOption('[name=partner]', '');
  await page.fill('[name="_q.partner"]', 'WCH');
  await send(page, 'button[name=_find]');
  check(await chosen(page) === '望春花苗圃', 'initials find the only one, and choose it');
  await page.fill('[name="_q.partner"]', '商户');
  await send(page, 'button[name=_find]');
  check((await listed(page)).length <= 21 && (await page.textContent('.find + .help')).includes('只列出前'), 'of many only some');
  // words typed and saved at once, without looking
  await begin(page);
  await page.fill('[name="_q.partner"]', '和塘路');
  await send(page, save);
  check((await page.textContent('[id="e.partner"]')).includes('不止一条'), 'two are not one');
  await page.fill('[name="_q.partner"]', '五金');
  await send(page, save);
  check((await page.textContent('.said')).includes('已保存') && (await page.textContent('dl.known')).includes('和塘路五金店'), 'one is meant');
}

async function scripted(page) {
  await begin(page);
  await page.type('[name="_q.partner"]', '和塘路');
  await page.waitForFunction(() => document.querySelectorAll('[name=partner] option').length === 3);
  check((await page.textContent('.find + .help')).includes('2'), 'it is said how many');
  await page.fill('[name="_q.partner"]', '');
  await page.type('[name="_q.partner"]', 'wch');
  await page.waitForFunction(() => document.querySelector('[name=partner]').selectedOptions[0].textContent === '望春花苗圃');
  await send(page, save);
  check((await page.textContent('dl.known')).includes('望春花苗圃'), 'and saved');
  check(page.faults.length === 0, page.faults.join('; '));
}

async function answers(page, nobody) {
  const ask = async (who, q, register) => {
    const r = await who.request.get(base + '/r/' + (register || 'partner') + '/options?q=' + encodeURIComponent(q));
    return [r.status(), r.status() === 200 ? (await r.json()).map(o => o.title).sort() : null];
  };
  check(String(await ask(page, '粮油')) === '200,和塘路粮油店', 'the page asks: ' + await ask(page, '粮油'));
  check(String(await ask(page, '')) === '200,', 'nothing for no words');
  check((await ask(page, '商户'))[1].length === 20, 'twenty at most');
  check((await ask(page, 'x', 'nonsense'))[0] === 404, 'no such register');
  const status = (await ask(nobody, '粮油'))[0];
  check(status === 403 || status === 404, 'nothing for who writes nothing: ' + status);
}

run('reference', async b => {
  const page = await visitor(b, 'worker');
  await partners(page);
  await plain(await visitor(b, 'worker', { javaScriptEnabled: false }));
  await scripted(page);
  await scripted(await visitor(b, 'worker', { viewport: { width: 360, height: 720 }, hasTouch: true }));
  await answers(page, await visitor(b, 'grid'));
});
