#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Import the sample ledgers and compare with their expected.json. Standard library only.

check.py LINLI LEDGERS DIR [--database WHERE]. Field and choice names are read from modules/, nothing is listed here
that a module declares. Prints each difference; exit 1 if there is one."""
import collections
import datetime
import glob
import json
import re
import subprocess
import sys

linli, ledgers, work = sys.argv[1:4]
data = work + '/data'
failures = 0
checks = 0


def same(what, got, want):
    global failures, checks
    checks += 1
    if got != want:
        failures += 1
        print(f'{what}:\n  expected {want}\n  got      {got}')


def run(*args, ok=(0,)):
    r = subprocess.run([linli, *args], capture_output=True, text=True)
    if r.returncode not in ok:
        sys.exit(f'linli {" ".join(args)}: exit {r.returncode}\n{r.stderr}{r.stdout}')
    return r.stdout


# --- what the modules call things: label or alias → field, code → label

def fold(text):
    return re.sub(r'[（(].*?[）)]|[\s/·]', '', text)


class Register:
    def __init__(self, path):
        text = open(path, encoding='utf-8').read()
        self.name = re.search(r'^register: (\w+)', text, re.M).group(1)
        self.fields, self.codes, self.types = {}, {}, {}
        body = text.split('\nfields:\n', 1)[1].split('\nchildren:')[0].split('\nstates:')[0]
        body = re.split(r'\n(?=[a-z])', body)[0]
        for part in re.split(r'\n(?=  \w)', '\n' + body):
            m = re.match(r'\s*(\w+):', part)
            if not m:
                continue
            name = m.group(1)
            label = re.search(r'label: ([^,}\n]+)', part).group(1)
            aliases = re.search(r'^[^\[]*?choices', part) is None and re.search(r'aliases: \[(.*?)\]', part)
            own = re.sub(r'choices: *(\{.*|(\n.*)*)', '', part) if 'choices:' in part else part
            aliases = re.search(r'aliases: \[(.*?)\]', own)
            self.types[name] = re.search(r'type: (\w+)', part).group(1)
            for word in [label] + (aliases.group(1).split(', ') if aliases else []):
                self.fields.setdefault(fold(word), name)
            if 'choices:' in part:
                listed = part.split('choices:', 1)[1]
                self.codes[name] = dict(re.findall(r"(\w+): (?:\{label: )?(?:\{zh-Hans: )?([^,{}\[\]]+)", listed))
        states = re.search(r'\nstates:\n((?:  .*\n)+)', text)
        self.states = dict(re.findall(r"^  (\w+): (?:\{label: )?(?:\{zh-Hans: )?([^,{}]+)", states.group(1), re.M)) \
            if states else {}
        column = re.search(r'state_column: \[(.*?)\]', text)
        self.state_columns = [fold(w) for w in column.group(1).split(', ')] if column else []


registers = {}
for path in glob.glob('modules/*/*.yaml'):
    if not path.endswith('/module.yaml') and '\nfields:\n' in open(path, encoding='utf-8').read():
        r = Register(path)
        registers[r.name] = r


# --- what the registers hold

def local(instant):
    return (datetime.datetime.strptime(instant, '%Y-%m-%dT%H:%M:%SZ') +
            datetime.timedelta(hours=8)).strftime('%Y-%m-%d %H:%M')


class Store:
    def __init__(self):
        self.records, self.names, self.ids = collections.defaultdict(list), {}, {}
        for line in run('dump', '--data', data).splitlines():
            r = json.loads(line)
            if r.get('gone'):
                continue
            self.records[r['register']].append(r)
            self.ids[r['id']] = r
            self.names[r['id']] = r['values'].get('name') or r['values'].get('number')

    def show(self, register, name, value):
        reg = registers[register]
        if value is None:
            return None
        kind = reg.types.get(name)
        if kind == 'choice':
            return reg.codes[name][value]
        if kind == 'flag':
            return '是' if value == 'true' else '否'
        if kind == 'instant':
            return local(value)
        if kind in ('int', 'decimal', 'money'):
            number = float(value)
            return int(number) if number == int(number) else number
        if kind in ('unit', 'grid', 'ref'):
            return self.names[value.lstrip('#')]
        return value

    def get(self, record, column):
        """The value of a ledger's column in a record, as people see it."""
        register = record['register']
        reg, word = registers[register], fold(column)
        if '-' in column and column.split('-')[0] in ('当事人甲', '当事人乙'):
            head, leaf = column.split('-')
            rows = [p for p in record.get('parties', []) if p['role'] == {'甲': 'a', '乙': 'b'}[head[-1]]]
            return rows[0].get({'姓名': 'name', '电话': 'phone'}[leaf]) if rows else None
        if word in reg.state_columns:
            return reg.states[record['state']]
        for child in ('needs', 'resources'):
            if child in record and word == {'needs': '对应需求', 'resources': '对应资源'}[child]:
                return [self.names[list(row.values())[0].lstrip('#')] for row in record[child]]
        if word not in reg.fields and 'partner' in record['values']:
            return self.get(self.ids[record['values']['partner'].lstrip('#')], column)
        name = reg.fields.get(word) or reg.fields[word.replace('-', '')]
        return self.show(register, name, record['values'].get(name))


def counter(values):
    return dict(collections.Counter(v for v in values if v is not None))


# --- one file

def reject_key(r):
    return (r.get('sheet'), r.get('row', r.get('record')), r.get('line'), r['column'], r['value'], r['reason'])


def import_checked(name, want, second):
    rows = want['rows']
    inserted = rows.get('import_attendances', rows.get('import'))
    out = json.loads(run('import', '--data', data, '--unit', 'QY', '--json', f'{ledgers}/{name}', ok=(0, 3)))
    say = name + (' again' if second else '')
    same(f'{say}: read', out['read'], rows['records'])
    same(f'{say}: inserted', out['inserted'], 0 if second else inserted)
    same(f'{say}: updated', out['updated'], 0)
    same(f'{say}: unchanged', out['unchanged'], rows.get('duplicate', 0) + (inserted if second else 0))
    same(f'{say}: rejects', [reject_key(r) for r in out['rejected']], [reject_key(r) for r in want['rejects']])
    for r in out['rejected']:
        same(f'{say}: row {r["row"]} says how to mend it', len(r['message']) > 8, True)
    same(f'{say}: no map needed', all(n['read'] for n in out['registers'].values()), True)
    return [r for r in out['registers']]


def plain_totals(name, want, store, records):
    totals = want.get('totals', {})
    for key, value in totals.items():
        column = {'by_type': '纠纷类型', 'by_grid': '所属网格', 'by_result': '化解-结果'}.get(key, key[3:])
        if key == 'by_branch' and '所在党支部' in want['columns'].values():
            column = '所在党支部'
        if not key.startswith('by_') or not isinstance(value, dict):
            continue
        if any(isinstance(v, dict) for v in value.values()) or fold(column) not in \
                registers[records[0]['register']].fields and fold(column) not in registers[records[0]['register']].state_columns:
            continue
        same(f'{name}: {key}', counter(store.get(r, column) for r in records), value)


def dates(name, want, store, by_register):
    for column, span in want.get('dates', {}).items():
        values = []
        for records in by_register.values():
            for r in records:
                try:
                    values.append(store.get(r, column))
                except KeyError:
                    pass
        values = [v[:len(span['min'])] for v in values if v]
        same(f'{name}: {column}', [min(values), max(values)], [span['min'], span['max']])


def samples(name, want, store, by_register):
    for s in want['samples']:
        fields = s['fields']
        if 'attended' in fields:
            present = [r['values']['title'] for r in by_register['training']
                       if any(p['name'] == fields['姓名'] and p['phone'] == fields['联系电话'] for p in r['attendance'])]
            same(f'{name}: {fields["姓名"]}', sorted(present), sorted(fields['attended']))
            continue
        found = []
        for records in by_register.values():
            for r in records:
                try:
                    got = {k: store.get(r, k) for k in fields}
                except KeyError:
                    continue
                if any(v is not None and fields[k] == v for k, v in got.items()):
                    found.append(got)
        want_fields = {k: v[:10] if isinstance(v, str) and k == '登记日期' else v for k, v in fields.items()}
        sealed = [k for k, v in fields.items() if k == '身份证号码']
        for k in sealed:  # protected: kept sealed, the dump does not open it
            want_fields.pop(k)
            for g in found:
                g.pop(k)
        checks_ok = want_fields in found
        same(f'{name}: sample row {s.get("row", s.get("record"))}', checks_ok or found[:3], True)


def sums(name, want, store, records):
    for column, value in want.get('sums', {}).items():
        same(f'{name}: sum of {column}', sum(store.get(r, column) or 0 for r in records), value)


# --- what single ledgers say beyond that

def disputes(want, store, by):
    r, t = by['dispute'], want['totals']
    for key, column, only in (('by_year_found', '排查日期', None), ('by_year_closed', '化解-日期', None),
                              ('succeeded_by_year_closed', '化解-日期', '调解成功')):
        same(key, counter(store.get(x, column)[:4] for x in r if not only or store.get(x, '化解-结果') == only), t[key])
    same('with_amount', sum(store.get(x, '涉及金额') is not None for x in r), t['with_amount'])
    same('party_b_without_phone', sum(store.get(x, '当事人乙-电话') is None for x in r), t['party_b_without_phone'])
    same('mediators', len({store.get(x, '调解员') for x in r}), want['distinct']['调解员'])


def meetings(want, store, by):
    r, t = by['meeting'], want['totals']
    got = {}
    for x in r:
        c = got.setdefault(store.get(x, '会议类别'), collections.Counter())
        c.update(held=1, due_attendance=store.get(x, '应到人数'), attendance=store.get(x, '实到人数'),
                 absent=store.get(x, '缺席人数'))
    same('by_type', {k: dict(v) for k, v in got.items()}, t['by_type'])
    got = collections.defaultdict(collections.Counter)
    for x in r:
        got[store.get(x, '党支部')][store.get(x, '会议类别')] += 1
    same('by_branch', {k: dict(v) for k, v in got.items()}, t['by_branch'])


def requests(want, store, by):
    r, t = by['request'], want['totals']
    due = [(store.get(x, '办理时限'), store.get(x, '办结时间')) for x in r]
    late = [(d, c) for d, c in due if (c[:10] if c else want['as_of']) > d]
    closed = [x for x in r if store.get(x, '办结时间')]
    same('办结 在办 超期', [len(closed), len(r) - len(closed), len(late)], [t['办结'], t['在办'], t['超期']])
    same('超期办结', sum(c is not None for _, c in late), t['超期办结'])
    same('满意', counter(store.get(x, '是否满意') for x in r), {'是': t['满意'], '否': t['不满意']})
    same('closed_by_办理渠道', counter(store.get(x, '办理渠道') for x in closed), t['closed_by_办理渠道'])
    same('by_month', counter(store.get(x, '登记时间')[:7] for x in r), t['by_month'])
    same('closed_by_month', counter(store.get(x, '办结时间')[:7] for x in closed), t['closed_by_month'])
    same('承办人', len({store.get(x, '承办人') for x in r}), want['distinct']['承办人'])


def volunteering(want, store, by):
    r = by['volunteering']
    for key, column in (('by_kind', '服务类别'), ('by_team', '服务队')):
        got = {}
        for x in r:
            c = got.setdefault(store.get(x, column), collections.Counter())
            c.update(rows=1, 志愿者人次=store.get(x, '志愿者人数'), 总时长=store.get(x, '总时长') or 0,
                     惠及人次=store.get(x, '惠及人次') or 0)
        same(key, {k: dict(v) for k, v in got.items()}, want['totals'][key])
    same('by_month', counter(store.get(x, '服务日期')[:7] for x in r), want['totals']['by_month'])


def members(want, store, by):
    r = by['member']
    same('people, names', [len({(store.get(x, '姓名'), store.get(x, '联系电话')) for x in r}),
                           len({store.get(x, '姓名') for x in r})],
         [want['distinct']['people'], want['distinct']['names']])
    same('registered_by_branch', counter(store.get(x, '所在党支部') for x in r if store.get(x, '管理类别') == '在册'),
         want['totals']['registered_by_branch'])
    same('identity numbers', sum('idno' in x['values'] for x in r), want['distinct']['valid_identity_numbers'])
    same('none of them in the open', [i['value'] for i in want['identity_numbers'] if i['value'] in json.dumps(r)], [])


def visits(want, store, by):
    r, t = by['visit'], want['totals']
    got = collections.defaultdict(collections.Counter)
    for x in r:
        got[store.get(x, '网格')][store.get(x, '走访事由')] += 1
    same('by_网格_走访事由', {k: dict(v) for k, v in got.items()}, t['by_网格_走访事由'])
    same('with_反映问题', sum(store.get(x, '反映问题') is not None for x in r), t['with_反映问题'])
    same('by_month', counter(store.get(x, '走访日期')[:7] for x in r), t['by_month'])
    for column, n in want['distinct'].items():
        same(f'distinct {column}', len({store.get(x, column) for x in r}), n)


def training(want, store, by):
    r, t = by['training'], want['totals']
    people = collections.Counter((p['name'], p['phone']) for x in r for p in x['attendance'])
    same('人次_by_session', {x['values']['title']: len(x['attendance']) for x in r}, t['人次_by_session'])
    same('people', [len(people), len({n for n, _ in people})], [t['people'], want['distinct']['names']])
    same('people_by_times_attended', {str(k): v for k, v in collections.Counter(people.values()).items()},
         t['people_by_times_attended'])
    same('sessions', [(x['values']['title'], x['values']['held_on'], x['values']['topic'])
                      for x in sorted(r, key=lambda x: x['values']['held_on'])],
         [(s['name'], s['date'], s['topic']) for s in want['sessions']])


def partners(want, store, by):
    t, r = want['totals'], by['resource']
    units = {u['name']: u for u in want['units']}
    got = [{'name': store.get(u, '单位名称'), 'code': store.get(u, '统一社会信用代码'), 'kind': store.get(u, '单位性质'),
            'big_committee': store.get(u, '大党委成员单位'), 'signed': store.get(u, '签约日期')} for u in by['partner']]
    same('units', {u['name']: u for u in got}, units)
    same('resources_by_unit', counter(store.get(x, '单位名称') for x in r), t['resources_by_unit'])
    same('resources_by_kind', counter(store.get(x, '资源类型') for x in r), t['resources_by_kind'])
    same('demands_by_kind', counter(store.get(x, '类别') for x in by['need']), t['demands_by_kind'])
    same('projects_by_state', counter(store.get(x, '进展') for x in by['project']), t['projects_by_state'])
    needs = [n for x in by['project'] for n in store.get(x, '对应需求')]
    resources = [n for x in by['project'] for n in store.get(x, '对应资源')]
    same('references', [len(needs), len(set(needs)), len(resources), len(set(resources))],
         [t['demand_references'], t['demands_with_project'], t['resource_references'], t['resources_used']])


own = {'dispute': disputes, 'meeting': meetings, 'request': requests, 'volunteering': volunteering,
       'member': members, 'visit': visits, 'training': training, 'partner': partners}


def main():
    expected = json.load(open(f'{ledgers}/expected.json', encoding='utf-8'))
    run('init', '--data', data, '--site', f'{ledgers}/site.yaml', *sys.argv[4:])
    files = expected['files']
    into = {name: import_checked(name, want, False) for name, want in files.items()}
    store = Store()
    for name, want in files.items():
        by = {reg: store.records[reg] for reg in into[name]}
        first = by[into[name][0]]
        if len(by) == 1 and 'import_attendances' not in want['rows']:
            same(f'{name}: records', len(first), want['rows']['import'])
            plain_totals(name, want, store, first)
            sums(name, want, store, first)
        if 'training' not in by:
            dates(name, want, store, by)
        samples(name, want, store, by)
        for reg, fn in own.items():
            if reg in by:
                fn(want, store, by)
    for name, want in files.items():
        import_checked(name, want, True)
    same('the second import changed nothing', len(Store().ids), len(store.ids))
    run('check', '--data', data)
    print(f'{len(files)} ledgers, {checks} comparisons, {failures} differences')
    sys.exit(1 if failures or checks < 100 else 0)


main()
