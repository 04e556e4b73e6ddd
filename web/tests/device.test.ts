import { expect, test } from 'vitest'
import { deviceOf } from '../src/features/me/device'

test('a session is called by its browser and its system', () => {
  expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox, Linux')
  expect(
    deviceOf(
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
    ),
  ).toBe('Edge, Windows')
  expect(
    deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1'),
  ).toBe('Safari, iPhone')
  expect(deviceOf('autocrm-import/1')).toBe('autocrm-import/1')
  expect(deviceOf('')).toBe('')
})
