#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the trap files that test/unit/format reads: python3 test/formats/make.py. Standard library only.

Everything in them is invented. The same script gives the same bytes."""
import io
import os
import struct
import zipfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'files')
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
PACK = 'http://schemas.openxmlformats.org/package/2006'


def write(name, data):
    with open(os.path.join(HERE, name), 'wb') as f:
        f.write(data)


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, body in parts.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, body)
    return out.getvalue()


def xml(body):
    return '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + body


def sheet(rows, more='', before='', head=''):
    return xml(f'{head}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{more}</worksheet>')


def book(sheets, shared=None, styles=None, extra=None, pr='', names=None, absolute=False, kind='sheet'):
    """sheets: list of (name, attributes, xml of the part)"""
    root = '/xl/' if absolute else ''
    rels = ''.join(f'<Relationship Id="r{i}" Type="{REL}/worksheet" Target="{root}worksheets/{kind}{i}.xml"/>'
                   for i in range(1, len(sheets) + 1))
    if shared is not None:
        rels += f'<Relationship Id="rs" Type="{REL}/sharedStrings" Target="{root}sharedStrings.xml"/>'
    if styles is not None:
        rels += f'<Relationship Id="ry" Type="{REL}/styles" Target="{root}styles.xml"/>'
    listed = ''.join(f'<sheet name="{n}" sheetId="{i}" {a} r:id="r{i}"/>' for i, (n, a, _) in enumerate(sheets, 1))
    parts = {
        '[Content_Types].xml': xml(f'<Types xmlns="{PACK}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                                   f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'),
        '_rels/.rels': xml(f'<Relationships xmlns="{PACK}/relationships"><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        'xl/_rels/workbook.xml.rels': xml(f'<Relationships xmlns="{PACK}/relationships">{rels}</Relationships>'),
        'xl/workbook.xml': xml(f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{pr}<sheets>{listed}</sheets></workbook>'),
    }
    if shared is not None:
        parts['xl/sharedStrings.xml'] = xml(f'<sst xmlns="{MAIN}" count="1" uniqueCount="1">{shared}</sst>')
    if styles is not None:
        parts['xl/styles.xml'] = xml(f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
    for i, (_, _, body) in enumerate(sheets, 1):
        parts[f'xl/worksheets/{kind}{i}.xml'] = body
    parts.update(extra or {})
    return parts


def text(ref, s):
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{s}</t></is></c>'


# --- .xlsx that must be read

SHARED = ('<si><t>编号</t></si>'
          '<si><r><rPr><b/></rPr><t>楼道</t></r><r><t xml:space="preserve">堆物 </t></r><rPh sb="0" eb="2"><t>LOUDAO</t></rPh></si>'
          '<si><t>单某</t><phoneticPr fontId="1"/><rPh sb="0" eb="1"><t>shàn</t></rPh></si>'
          '<si><t/></si><si><t>甲&amp;乙&#10;丙</t></si>')
STYLES = ('<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
          '<numFmt numFmtId="165" formatCode="0.00&quot;days&quot;"/><numFmt numFmtId="166" formatCode="[Red]0;[h]:mm"/>'
          '<numFmt numFmtId="14" formatCode="0"/></numFmts>'
          '<cellStyleXfs><xf numFmtId="31"/><xf numFmtId="31"/></cellStyleXfs>'
          '<cellXfs>' + ''.join(f'<xf numFmtId="{n}" quotePrefix="1"/>' for n in (0, 31, 58, 164, 165, 166, 14, 22, 47, 49)) +
          '</cellXfs>')

kinds = sheet(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
    '<c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c></row>'
    '<row r="2" hidden="1"><c r="A2" t="str"><f>1+1</f><v>甲=乙</v></c><c r="C2" t="b"><v>1</v></c>'
    '<c r="D2" t="e"><v>#N/A</v></c><c r="E2" t="inlineStr"><is><r><t>分</t></r><r><t>开</t></r><rPh sb="0" eb="1"><t>fen</t></rPh></is></c>'
    '<c r="F2" t="d"><v>2024-03-05T14:30:00</v></c></row>'
    # no addresses at all: cells and rows follow one another
    '<row><c><v>7</v></c><c/><c><v>1.5</v></c></row>'
    '<row r="5">' + ''.join(f'<c r="{chr(65 + i)}5" s="{i}"><v>45356.5</v></c>' for i in range(10)) + '</row>'
    '<row r="6"><c r="A6"><v>1.1999919580101E+17</v></c><c r="B6" s="99"><v>3</v></c><c r="C6" t="n"><v>-0</v></c></row>'
    # styled cells without content; a row that goes back
    '<row r="8"><c r="A8" s="1"/><c r="XFD8" s="1"/></row><row r="4"><c r="A4"><v>9</v></c></row>',
    before='<dimension ref="A1:XFD1048576"/>',
    more='<mergeCells count="3"><mergeCell ref="A1:B1"/><mergeCell ref="A5:A6"/><mergeCell ref="nonsense"/></mergeCells>')
prefixed = (xml(f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>前缀</x:t></x:is></x:c>'
                '</x:row></x:sheetData></x:worksheet>'))
write('kinds.xlsx', zipped(book([('甲&amp;乙', '', kinds), ('藏', 'state="hidden"', prefixed),
                                 ('深藏', 'state="veryHidden"', sheet(''))], SHARED, STYLES)))
write('date1904.xlsx', zipped(book([('表', '', sheet('<row r="1"><c r="A1" s="1"><v>43894</v></c></row>'))], None, STYLES,
                                   pr='<workbookPr date1904="1"/>', absolute=True)))
macro = book([('数据', '', sheet('<row r="1">' + text('A1', '有宏') + '</row>'))])
macro['xl/vbaProject.bin'] = b'\xd0\xcf\x11\xe0 macro' * 20
write('macro.xlsm', zipped(macro))
# parts of another office program: order of attributes, no shared strings, no styles, blank rows with styles at the end
write('many_blank.xlsx', zipped(book([('表', '', sheet(
    '<row r="1">' + text('A1', '列') + '</row>' + ''.join(f'<row r="{r}"><c s="0" r="A{r}"/></row>' for r in range(2, 2000)) +
    '<row r="2000">' + text('A2000', '末行') + '</row>'))])))

# --- a ledger with the traps that offices set: what must come of it stands in test/formats/traps.sh

def num(ref, v, style=0):
    return f'<c r="{ref}" s="{style}"><v>{v}</v></c>'


def row(n, cells, attributes=''):
    return f'<row r="{n}" {attributes}>{cells}</row>'


def asked(n, day, kind='求助', content=None, who='王五', phone='19900000009', attributes=''):
    """day: a text, or the whole cell"""
    return row(n, num(f'A{n}', n - 4) + (day if day.startswith('<') or not day else text(f'B{n}', day)) + text(f'C{n}', kind) +
               (text(f'D{n}', content or f'第{n}行的事') if content is None or not content.startswith('<') else content) +
               (who if who.startswith('<') else text(f'E{n}', who)) + (phone if phone.startswith('<') else text(f'F{n}', phone)), attributes)


LEDGER_SHARED = ('<si><r><t>张</t></r><r><t xml:space="preserve"> 三</t></r><rPh sb="0" eb="1"><t>ZHANG</t></rPh></si>'
                 '<si><t>只有一处用到</t></si>')
LEDGER_STYLES = ('<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs>' +
                 ''.join(f'<xf numFmtId="{n}"/>' for n in (0, 31, 58, 164, 14)) + '</cellXfs>')
requests = sheet(
    row(1, text('A1', '2024年居民诉求登记表')) + row(2, text('A2', '填报单位：桃源社区')) +
    row(3, text('A3', '序号') + text('B3', '登记日期') + text('C3', '诉求类型') + text('D3', '诉求内容') + text('E3', '诉求人信息')) +
    row(4, text('E4', '诉求人') + text('F4', '联系电话')) +
    asked(5, num('B5', 45356, 1), who='<c r="E5" t="s"><v>0</v></c>', phone=num('F5', '19900000001')) +
    asked(6, num('B6', 45357, 2), phone=num('F6', '1.9900000002E10')) + asked(7, num('B7', 45358, 3), phone='１９９００００　０００３') +
    asked(8, '2024.3.8', kind='\u00a0求\u200b助 ') + asked(9, '2024/3/9') + asked(10, '2024年3月10日') + asked(11, '20240311') +
    asked(12, '24.3.12') + asked(13, '3月13日') + asked(14, '二〇二四年三月十四日') +
    asked(15, num('B15', 60, 4)) + asked(16, '2024.2.30') + asked(17, '2024-03-17', content='<c r="D17" t="e"><v>#N/A</v></c>') +
    asked(18, '2024-03-18', content='<c r="D18" t="str"><f>A18</f><v>公式算出的内容</v></c>') +
    asked(19, '2024-03-19', attributes='hidden="1"') + asked(20, '2024-03-20') + asked(21, '') + asked(22, '2024-03-22', kind='求助类') +
    # no addresses: cells follow one another
    '<row r="23">' + ''.join(f'<c t="inlineStr"><is><t>{t}</t></is></c>' for t in ('19', '2024-03-23', '求助', '没有地址的格', '赵六', '19900000009')) + '</row>' +
    row(24, text('A24', '合计') + num('D24', 19)) + row(26, text('A26', '注：本表按登记先后填写。')) + row(27, text('A27', '制表人：王五') + text('D27', '审核人：赵六')),
    before='<dimension ref="A1:XFD1048576"/><cols><col min="6" max="6" hidden="1"/></cols>',
    more='<autoFilter ref="A4:F23"><filterColumn colId="2"><filters><filter val="投诉"/></filters></filterColumn></autoFilter>'
         '<mergeCells count="8"><mergeCell ref="A1:F1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:C4"/>'
         '<mergeCell ref="D3:D4"/><mergeCell ref="E3:F3"/><mergeCell ref="B20:B21"/><mergeCell ref="A26:F26"/></mergeCells>')
heads = ('姓名', '所在党支部', '身份证号', '联系电话', '入党时间', '党员类型', '管理类别')
rest = ('2004.7.1', '正式党员', '在册')
members = sheet(
    row(1, ''.join(text(f'{c}1', t) for c, t in zip('ABCDEFG', heads))) +
    row(2, text('A2', '钱多') + text('B2', '第一党支部') + num('C2', '1.1999919580101E+17') + ''.join(text(f'{c}2', t) for c, t in zip('EFG', rest))) +
    row(3, text('A3', '孙 少') + text('B3', '第一党支部') + text('C3', '11999919611103051２') + num('D3', '19900000005.0') +
        ''.join(text(f'{c}3', t) for c, t in zip('EFG', rest))))
write('ledger.xlsx', zipped(book([('说明', '', sheet(row(1, text('A1', '填表说明') + text('B1', '登记日期')))), ('诉求', '', requests),
                                  ('旧表', 'state="hidden"', requests), ('党员花名册', '', members)], LEDGER_SHARED, LEDGER_STYLES)))

# --- .xlsx that must be refused

plain = sheet('<row r="1">' + text('A1', '列') + '</row>')
good = zipped(book([('表', '', plain)]))
write('truncated.xlsx', good[:len(good) * 2 // 3])
write('bomb.xlsx', zipped(book([('表', '', sheet(' ' * (20 << 20)))])))
laugh = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
write('entities.xlsx', zipped(book([('表', '', sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>', head=laugh))])))
steal = '<!DOCTYPE x SYSTEM "file:///etc/hostname">'
write('external.xlsx', zipped(book([('表', '', sheet('<row r="1"/>', head=steal))])))
write('broken_xml.xlsx', zipped(book([('表', '', '<?xml version="1.0"?><worksheet><sheetData><row><c>')])))
write('bad_string.xlsx', zipped(book([('表', '', sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'))], SHARED)))
write('no_sheet.xlsx', zipped({k: v for k, v in book([('表', '', plain)]).items() if 'sheet1' not in k}))
write('wide.xlsx', zipped(book([('表', '', sheet('<row r="1"><c r="ALM1"><v>1</v></c></row>'))])))
write('cells.xlsx', zipped(book([('表', '', sheet(''.join(f'<row r="{r}"><c r="ALL{r}"><v>1</v></c></row>' for r in range(1, 5100))))])))
write('sheets.xlsx', zipped(book([(f'表{i}', '', plain) for i in range(201)], extra=None)))
locked = bytearray(good)
for mark, at in ((b'PK\3\4', 6), (b'PK\1\2', 8)):  # the bit that says "encrypted"
    pos = locked.find(mark)
    while pos >= 0:
        locked[pos + at] |= 1
        pos = locked.find(mark, pos + 4)
write('zip_password.xlsx', bytes(locked))
write('binary.xlsb', zipped({'[Content_Types].xml': xml('<Types/>'), 'xl/workbook.bin': b'\x83\x01\x00'}))
write('letter.xlsx', zipped({'[Content_Types].xml': xml('<Types/>'), 'word/document.xml': xml('<w/>')}))
write('page.xls', '<html><body><table><tr><td>编号</td></tr></table></body></html>'.encode())
write('xml2003.xls', xml('<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>').encode())


# --- .xls: a compound file with one stream, BIFF8 inside

def compound(stream, name='Workbook'):
    stream = stream.ljust(4096, b'\0')  # smaller ones would live in the mini stream
    stream = stream.ljust((len(stream) + 511) // 512 * 512, b'\0')
    n = len(stream) // 512
    fat = [1 + i for i in range(n)]
    fat[n - 1] = -2  # the stream: sectors 0 … n-1
    fat += [-2, -3]  # directory, the FAT itself
    fat += [-1] * (128 - len(fat))
    header = struct.pack('<8s16sHHHHH6xIIIIIIIIII', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', b'', 0x3E, 3, 0xFFFE, 9, 6,
                         0, 1, n, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, n + 1)
    header = header.ljust(512, b'\xff')

    def entry(title, kind, child, start, size):
        wide = title.encode('utf-16le')
        return struct.pack('<64sHBBIII16sIQQIQ', wide, len(wide) + 2 if title else 0, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child,
                           b'', 0, 0, 0, start, size)
    directory = entry('Root Entry', 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 0, len(stream)) + entry('', 0, 0xFFFFFFFF, 0, 0) * 2
    return header + stream + directory + struct.pack('<128i', *fat)


def rec(kind, body=b''):
    return struct.pack('<HH', kind, len(body)) + body


def bof(kind):
    return rec(0x809, struct.pack('<HHHHII', 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def biff(strings, cells, filepass=False, hidden=0, rows=None):
    wide = b''.join(struct.pack('<HB', len(s), 1) + s.encode('utf-16le') for s in strings)
    xfs = b''.join(rec(0xE0, struct.pack('<HHH14x', 0, fmt, 0)) for fmt in (0, 14, 22))
    tail = rec(0x22, b'\0\0') + xfs + rec(0xFC, struct.pack('<II', len(strings), len(strings)) + wide) + rec(0x0A)
    name = '台账'.encode('utf-16le')
    head = bof(5) + (rec(0x2F, b'\1\0\1\0\1\0' + b'x' * 48) if filepass else b'') + rec(0x42, struct.pack('<H', 1200))
    at = len(head) + 4 + 8 + len(name) + len(tail)
    bound = rec(0x85, struct.pack('<IHBB', at, hidden, 2, 1) + name)
    rows = rows or 1 + max(r for r, _, _, _ in cells)
    body = bof(0x10) + rec(0x200, struct.pack('<IIHHH', 0, rows, 0, 200, 0))
    body += rec(0x208, struct.pack('<HHHHHHHH', 1, 0, 4, 255, 0, 0, 0x20, 0))  # row 2 is hidden
    for r, c, xf, v in cells:
        if isinstance(v, str):
            body += rec(0xFD, struct.pack('<HHHI', r, c, xf, strings.index(v)))
        else:
            body += rec(0x203, struct.pack('<HHHd', r, c, xf, v))
    body += rec(0xE5, struct.pack('<HHHHH', 1, 0, 0, 0, 1))  # A1:B1
    return head + bound + tail + body + rec(0x0A)


CELLS = [(0, 0, 0, '编号'), (0, 1, 0, '日期'), (1, 0, 0, 7.0), (1, 1, 1, 45356.0), (2, 1, 2, 45356.60416666667), (2, 2, 0, 1.5)]
def biff_records():
    """Every kind of cell; a text that goes on in a CONTINUE record and changes its width there; texts with rich text
    and a phonetic guide behind them; a formula whose text follows; a chart inside the sheet; rows out of order."""
    first = struct.pack('<HBH', 2, 9, 1) + '富文'.encode('utf-16le') + b'\0\0\1\0'         # rich: one run behind it
    second = struct.pack('<HBI', 2, 5, 6) + '注音'.encode('utf-16le') + b'abcdef'           # six bytes of phonetics
    third = struct.pack('<HB', 8, 1) + '上半段文'.encode('utf-16le')                        # … and four narrow ones
    sst = rec(0xFC, struct.pack('<II', 3, 3) + first + second + third) + rec(0x3C, b'\0' + b'tail')
    name = '表'.encode('utf-16le')
    head = bof(5) + rec(0x22, b'\1\0')
    code = 'yyyy"年"'.encode('utf-16le')
    tail = rec(0x41E, struct.pack('<HHB', 164, len(code) // 2, 1) + code) + b''.join(
        rec(0xE0, struct.pack('<HHH14x', 0, fmt, 0)) for fmt in (0, 164, 57)) + sst + rec(0x0A)
    at = len(head) + 4 + 8 + len(name) + len(tail)
    wide = '公式'.encode('utf-16le')
    body = (bof(0x10) + rec(0xFD, struct.pack('<HHHI', 4, 0, 0, 2))
            + rec(0xFD, struct.pack('<HHHI', 0, 0, 0, 0)) + rec(0xFD, struct.pack('<HHHI', 0, 1, 0, 1))
            + rec(0x27E, struct.pack('<HHHI', 1, 0, 0, 7 << 2 | 2)) + rec(0x27E, struct.pack('<HHHi', 1, 1, 0, -250 << 2 | 3))
            + rec(0xBD, struct.pack('<HHHIHIH', 1, 2, 1, 45356 << 2 | 2, 2, 0x40290000, 3))
            + rec(0x06, struct.pack('<HHHdHIH', 2, 0, 0, 12.5, 0, 0, 0))
            + rec(0x06, struct.pack('<HHH', 2, 1, 0) + b'\0\0\0\0\0\0\xff\xff' + b'\0' * 8)
            + rec(0x4BC, b'\0' * 10) + rec(0x207, struct.pack('<HB', 2, 1) + wide)
            + rec(0x06, struct.pack('<HHH', 2, 2, 0) + b'\2\0\x2a\0\0\0\xff\xff' + b'\0' * 8)
            + bof(0x20) + rec(0xFD, struct.pack('<HHHI', 9, 9, 0, 0)) + rec(0x0A)
            + rec(0x205, struct.pack('<HHHBB', 3, 0, 0, 1, 0)) + rec(0x205, struct.pack('<HHHBB', 3, 1, 0, 7, 1))
            + rec(0x204, struct.pack('<HHHHB', 3, 2, 0, 2, 0) + b'ab') + rec(0x0A))
    return head + rec(0x85, struct.pack('<IHBB', at, 2, 1, 1) + name) + tail + body


write('records.xls', compound(biff_records()))
write('plain.xls', compound(biff(['编号', '日期'], CELLS)))
write('hidden.xls', compound(biff(['编号', '日期'], CELLS, hidden=1)))
write('claims.xls', compound(biff(['编号', '日期'], CELLS, rows=65536)))
write('password.xls', compound(biff(['编号', '日期'], CELLS, filepass=True)))
write('locked.xlsx', compound(b'\0' * 4096, 'EncryptedPackage'))
write('letter.xls', compound(b'\0' * 4096, 'WordDocument'))
whole = compound(biff(['编号', '日期'], CELLS))
write('truncated.xls', whole[:2000])
