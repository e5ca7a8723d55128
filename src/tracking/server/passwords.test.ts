import assert from 'node:assert/strict'
import test from 'node:test'
import { createPasswordCheck, parseUsers, userLine } from './passwords.ts'

const SALT = Buffer.from('0123456789abcdef')
const ALICE = 'correct horse battery'
const BOB = 'staple staple staple'

const lines = await Promise.all([
  userLine({ name: 'alice', role: 'write', password: ALICE }, SALT),
  userLine({ name: 'bob@example.com', role: 'read', password: BOB }, SALT),
])
const users = () => parseUsers(`# users\n\n${lines.join('\n')}\n`, 'users')

test('a line holds name, role and the hash as the PHC format has it, and no password', () => {
  // the hash is Python's hashlib.scrypt of the same password, salt and costs
  const hash = 'bSrJtjr5gxJ4edRXU+74HIKlliptv15fyW3CD02sNkw'
  assert.equal(lines[0], `alice:write:$scrypt$ln=14,r=8,p=5$MDEyMzQ1Njc4OWFiY2RlZg$${hash}`)
  assert.deepEqual(
    users().map(({ name, role }) => [name, role]),
    [
      ['alice', 'write'],
      ['bob@example.com', 'read'],
    ],
  )
})

test('the right password of a known user alone is right, the second time as the first', async () => {
  const check = createPasswordCheck(users())
  for (let round = 0; round < 2; round++) {
    const found = await check('alice', ALICE)
    assert.ok(typeof found === 'object' && found.name === 'alice' && found.role === 'write')
    const wrong = [
      ['alice', ''],
      ['alice', BOB],
      ['alice', `${ALICE} `],
      ['alice', ALICE.toUpperCase()],
      ['Alice', ALICE],
      ['', ALICE],
      ['bob@example.com', ALICE],
      ['mallory', ALICE],
      ['__proto__', ''],
    ] as const
    for (const [name, password] of wrong) assert.equal(await check(name, password), 'wrong', name)
  }
})

test('a flood of wrong passwords is refused beyond a short queue and holds up nobody who is logged in', async () => {
  const check = createPasswordCheck(users())
  assert.ok(typeof (await check('alice', ALICE)) === 'object')
  const flood = Array.from({ length: 100 }, (_, index) => check('alice', `guess ${index}`))
  const order: string[] = []
  const last = Promise.all(flood).then((answers) => {
    order.push('flood')
    return answers
  })
  const known = check('alice', ALICE).then(() => order.push('known'))
  assert.equal(await check('bob@example.com', BOB), 'busy')
  await known
  const answers = await last
  assert.deepEqual(order, ['known', 'flood'])
  assert.equal(answers.filter((answer) => answer === 'wrong').length, 17)
  assert.equal(answers.filter((answer) => answer === 'busy').length, 83)
  assert.ok(typeof (await check('bob@example.com', BOB)) === 'object')
})

test('no empty, short or default password makes a line', async () => {
  for (const password of ['', ' ', 'admin', 'hunter2', '12345678901', 'password1234', `${ALICE}\0`]) {
    await assert.rejects(userLine({ name: 'alice', role: 'read', password }, SALT), (error: Error) => {
      assert.ok(password.trim() === '' || !error.message.includes(password))
      return /at least 12 printable characters/.test(error.message)
    })
  }
  for (const name of ['', 'a:b', 'a b', 'a\nb', '#a', 'ä'.repeat(101)]) {
    await assert.rejects(userLine({ name, role: 'read', password: ALICE }, SALT), /user name must be/)
  }
})

test('a users file with anything else is refused without a word of what stands there', () => {
  const [alice, bob] = lines as [string, string]
  const bad = [
    '',
    '# nobody\n',
    'admin:password1234',
    'alice:write:secret-secret-secret',
    'alice:write:',
    'alice:write',
    alice.replace(':write:', ':admin:'),
    alice.replace(':write:', '::'),
    alice.replace('ln=14', 'ln=1'),
    alice.replace('ln=14', 'ln=30'),
    alice.replace('r=8', 'r=99'),
    alice.replace('r=8', 'r=1'),
    alice.replace('p=5', 'p=0'),
    alice.replace('p=5', 'p=99'),
    alice.slice(0, -30),
    alice.replace(/\$[^$]+$/, '$'),
    alice.replace('$scrypt', '$argon2id'),
    `${alice} trailing`,
    `${alice}\n${bob}\n${alice}`,
  ]
  for (const text of bad) {
    assert.throws(
      () => parseUsers(text, 'the file'),
      (error: Error) =>
        !/password1234|secret|MDEy/.test(error.message) && /users file the file/.test(error.message),
      text,
    )
  }
})
