import assert from 'node:assert/strict'
import test from 'node:test'
import { FdsError } from '../../errors.ts'
import { createArtifactLocations } from './artifact-locations.ts'

const isRefused = (work: () => unknown): boolean => {
  try {
    work()
    return false
  } catch (error) {
    assert.ok(error instanceof FdsError && error.code === 'TRACKING_REFUSED', String(error))
    return true
  }
}

const FOREIGN = [
  '/etc',
  'etc',
  '',
  'file:///etc',
  'file:///srv/artifacts/../secret',
  'file:///srv/artifacts/%2e%2e/secret',
  'file:///srv/artifactsX',
  'http://host/a',
  's3://bucket/a',
  'gs://bucket',
  'hdfs://a',
  'dbfs:/a',
  'FILE:///etc',
  'runs:/a/b',
  'mlflow-artifacts://host/a',
  'mlflow-artifacts://host:80/a',
  'mlflow-artifacts:a',
  'mlflow-artifacts:/../a',
  'mlflow-artifacts:/a/%2e%2e/%2e%2e/b',
  'mlflow-artifacts:/a\\..\\b',
  'mlflow-artifacts:/a?b#c',
  'mlflow-artifacts:/a\0',
  `mlflow-artifacts:/${'a'.repeat(3000)}`,
]

test('a root that is a path is served under mlflow-artifacts', () => {
  const locations = createArtifactLocations('/srv/artifacts')
  assert.equal(locations.folder, '/srv/artifacts')
  assert.equal(locations.ofExperiment(7), 'mlflow-artifacts:/7')
  assert.equal(locations.checkLocation('mlflow-artifacts:/a/b/'), 'mlflow-artifacts:/a/b')
  assert.equal(locations.checkLocation('mlflow-artifacts:///a'), 'mlflow-artifacts:/a')
  assert.equal(locations.pathOf('mlflow-artifacts:/1/run/artifacts'), '1/run/artifacts')
  for (const location of [...FOREIGN, 'file:///srv/artifacts/1']) {
    assert.ok(
      isRefused(() => locations.checkLocation(location)),
      location,
    )
  }
})

test("a root that is a file URL is the operator's own, and only what is below it is taken", () => {
  const locations = createArtifactLocations('file:///srv/artifacts/')
  assert.equal(locations.folder, '/srv/artifacts/')
  assert.equal(locations.ofExperiment(7), 'file:///srv/artifacts/7')
  assert.equal(locations.checkLocation('file:///srv/artifacts/mine'), 'file:///srv/artifacts/mine')
  assert.equal(locations.pathOf('file:///srv/artifacts/7/run/artifacts'), '7/run/artifacts')
  for (const location of FOREIGN)
    assert.ok(
      isRefused(() => locations.checkLocation(location)),
      location,
    )
})

test('a root of another kind is refused before anything is written', () => {
  for (const root of ['s3://bucket/a', 'gs://bucket', 'mlflow-artifacts:/']) {
    assert.throws(() => createArtifactLocations(root), { code: 'CONFIG_INVALID' }, root)
  }
})
