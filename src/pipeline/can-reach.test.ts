import assert from 'node:assert/strict'
import test from 'node:test'
import { canReach } from './can-reach.ts'

const learningRate = 0.3

const curve = (trees: number, at: (trees: number) => number): number[] =>
  Array.from({ length: trees }, (_, tree) => at(tree + 1))

test('what is there is within reach, and what does not rise is not', () => {
  const flat = curve(80, () => 0.5)
  assert.ok(canReach(0.5, { curve: flat, total: 80, learningRate }))
  assert.ok(!canReach(0.501, { curve: flat, total: 1000, learningRate }))
})

test('says nothing below 50 trees', () => {
  assert.ok(canReach(9, { curve: curve(49, () => 0.5), total: 1000, learningRate }))
  assert.ok(!canReach(9, { curve: curve(50, () => 0.5), total: 1000, learningRate }))
})

test('says nothing while little is learned', () => {
  const flat = curve(60, () => 0.5)
  assert.ok(canReach(9, { curve: flat, total: 1000, learningRate: 0.0249 }))
  assert.ok(!canReach(9, { curve: flat, total: 1000, learningRate: 0.025 }))
})

test('grants a doubling one and a half times the last one’s gain', () => {
  // one more doubling gains 0.1 at this pace
  const rising = curve(100, (trees) => 0.1 * Math.log2(trees))
  const now = rising.at(-1)!
  assert.ok(canReach(now + 0.59, { curve: rising, total: 1600, learningRate }))
  assert.ok(!canReach(now + 0.61, { curve: rising, total: 1600, learningRate }))
})

test('grants less than a doubling three quarters of the mean gain since half-way', () => {
  const straight = curve(100, (trees) => trees / 1000)
  assert.ok(canReach(0.1074, { curve: straight, total: 110, learningRate }))
  assert.ok(!canReach(0.1076, { curve: straight, total: 110, learningRate }))
})
