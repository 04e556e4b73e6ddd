import { expect, test } from 'vitest'
import { partsOf } from '@/features/ticket/conversation/links'

/** Each as it stands, with where it leads where that is written otherwise. */
const linksIn = (text: string): (string | string[])[] =>
  partsOf(text)
    .filter(({ href }) => href !== undefined)
    .map(({ text, href = '' }) => (href === text ? text : [text, href]))

test('nothing of a text is lost', () => {
  for (const text of ['', 'none', 'See https://a.example, or b@c.example.', '(https://a.example/x_(y))\n\nEnd'])
    expect(
      partsOf(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
})

test('an address ends before the marks of its sentence', () => {
  expect(linksIn('See https://shop.example/o?id=5&x=%20#top.')).toEqual(['https://shop.example/o?id=5&x=%20#top'])
  expect(linksIn('http://a.example, http://b.example/; http://c.example!')).toEqual([
    'http://a.example',
    'http://b.example/',
    'http://c.example',
  ])
  expect(linksIn('“https://a.example/b” and «https://c.example»')).toEqual(['https://a.example/b', 'https://c.example'])
  expect(linksIn("'https://a.example/b', *https://c.example/*")).toEqual(['https://a.example/b', 'https://c.example/'])
  expect(linksIn('见 https://a.example/b。')).toEqual(['https://a.example/b'])
})

test('brackets around an address are not of it, those within are', () => {
  expect(linksIn('(https://a.example/b)')).toEqual(['https://a.example/b'])
  expect(linksIn('[https://a.example/b].')).toEqual(['https://a.example/b'])
  expect(linksIn('(see https://w.example/Ticket_(support)).')).toEqual(['https://w.example/Ticket_(support)'])
  expect(linksIn('<https://a.example/b>')).toEqual(['https://a.example/b'])
  expect(linksIn('http://[2001:db8::1]:8080/x')).toEqual(['http://[2001:db8::1]:8080/x'])
})

test('letters of other alphabets', () => {
  expect(linksIn('https://bücher.example/größe und https://пример.рф/путь')).toEqual([
    'https://bücher.example/größe',
    'https://пример.рф/путь',
  ])
  expect(linksIn('jörg@bücher.example')).toEqual([['jörg@bücher.example', 'mailto:j%C3%B6rg@b%C3%BCcher.example']])
  expect(linksIn('a@xn--e1afmkfd.xn--p1ai')).toEqual([['a@xn--e1afmkfd.xn--p1ai', 'mailto:a@xn--e1afmkfd.xn--p1ai']])
})

test('e-mail, and addresses without a scheme', () => {
  expect(linksIn('Write to robin+desk@halcyon.example, please')).toEqual([
    ['robin+desk@halcyon.example', 'mailto:robin+desk@halcyon.example'],
  ])
  expect(linksIn('mailto:robin@halcyon.example')).toEqual(['mailto:robin@halcyon.example'])
  expect(linksIn('www.halcyon.example/help.')).toEqual([
    ['www.halcyon.example/help', 'https://www.halcyon.example/help'],
  ])
  expect(linksIn('https://user@host.example/a@b.example')).toEqual(['https://user@host.example/a@b.example'])
})

test('nothing else is followed', () => {
  for (const text of [
    'javascript:alert(1)',
    'JavaScript:alert(document.domain)',
    'data:text/html,<b>',
    'file:///etc/passwd',
    'vbscript:x',
    'https://',
    'http://localhost/x',
    'www.',
    'end.Begin',
    'a@b',
    '@robin',
    'xhttps://a.example',
    'https://a b',
  ])
    expect(linksIn(text), text).toEqual([])
})

test('a long text of almost addresses takes no time', () => {
  const began = performance.now()
  for (const piece of ['a', 'a.', 'a-', 'a@', 'a@a.', 'www.', 'https://(', ')'])
    partsOf(piece.repeat(100_000 / piece.length))
  for (const piece of [')', ']', '.', ')(', '())']) partsOf(`https://a.example/${piece.repeat(100_000)}`)
  expect(performance.now() - began).toBeLessThan(2000)
})

test('a text of more addresses than anybody follows keeps all of its words', () => {
  const text = 'www.a.example '.repeat(10_000)
  const parts = partsOf(text)
  expect(parts.map((part) => part.text).join('')).toBe(text)
  expect(parts.filter(({ href }) => href).length).toBe(2000)
})
