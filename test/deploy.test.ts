// Rules of the files of delivery that no linter knows; test/delivery has the linters and runs what is delivered.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { parse } from 'yaml'
import { readCompose, type Service } from './delivery/compose.ts'
import { parseDockerfile, ROOT } from './delivery/image.ts'

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')
const compose = readCompose()
const services = Object.entries(compose.services)
const manifest = JSON.parse(read('package.json')) as {
  version: string
  devDependencies: Record<string, string>
  scripts: Record<string, string>
}

test('every image is pinned to a version, and the image of the service carries the Node of npm ci', () => {
  for (const [name, { image }] of services) assert.match(image!, /:v?\d+(\.\d+)+(-\w+)?$/, name)
  assert.equal(compose.services['fds-api']!.image, `fds-system:${manifest.version}`)
  const froms = parseDockerfile(read('deploy/Dockerfile')).map(({ instructions }) => instructions[0]!.text)
  for (const from of froms) {
    assert.match(from, /@sha256:[0-9a-f]{64}( AS \w+)?$/)
    assert.ok(from.startsWith(`node:${manifest.devDependencies['node']}-`), from)
  }
})

test('the last stage runs as a user without rights and builds nothing', () => {
  const { instructions } = parseDockerfile(read('deploy/Dockerfile')).at(-1)!
  const last = (name: string) => instructions.findLast((instruction) => instruction.name === name)?.text
  assert.equal(last('USER'), '1000:1000')
  assert.equal(last('EXPOSE'), '8000')
  assert.match(last('HEALTHCHECK')!, /"node".*\/health/)
  for (const { name, text } of instructions)
    if (name === 'RUN') assert.doesNotMatch(text, /npm (ci|install)|apt|curl/)
})

test('ports are open to this machine alone, and nothing has a password', () => {
  const ports = services.flatMap(([, service]) => service.ports ?? [])
  assert.ok(ports.length >= 4)
  for (const port of ports) assert.match(port, /^127\.0\.0\.1:/)
  for (const [name, { environment = {} }] of services) {
    for (const [key, value] of Object.entries(environment))
      if (/PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL/.test(key))
        assert.match(`${key}=${value}`, /_FILE=\/run\/fds\//, name)
  }
  assert.deepEqual(read('deploy/secrets/.gitignore').split('\n').filter(Boolean), ['*', '!.gitignore'])
})

test('a service that lasts is limited, checked and started again; one that ends is waited for by one that lasts', () => {
  const ends = (service: Service) => !service.restart || service.restart.startsWith('on-failure')
  for (const [name, service] of services) {
    assert.match(
      service.deploy?.resources?.limits?.memory ?? '',
      /^\d+[mg]$/,
      `${name} has a limit of memory`,
    )
    if (ends(service)) continue
    // the image brings the check of the service itself
    if (name !== 'fds-api') assert.ok(service.healthcheck?.test, `${name} has a health check`)
    assert.equal(service.restart, 'unless-stopped', name)
  }
  for (const [name] of services.filter(([, service]) => ends(service))) {
    const waiting = services.filter(
      ([, service]) =>
        service.depends_on?.[name]?.condition === 'service_completed_successfully' && !ends(service),
    )
    assert.ok(waiting.length > 0, `a service that lasts waits for ${name}`)
  }
  assert.equal(compose.services['fds-api']!.deploy!.replicas, 2)
})

test('every file that compose mounts is there, and every volume and dependency is declared', () => {
  for (const [name, { volumes = [], depends_on = {} }] of services) {
    for (const volume of volumes) {
      const [source = ''] = volume.split(':')
      const known = source.startsWith('.')
        ? existsSync(join(ROOT, 'deploy', source))
        : source in compose.volumes
      assert.ok(known, `${name} mounts ${source}`)
    }
    for (const other of Object.keys(depends_on))
      assert.ok(compose.services[other], `${name} waits for ${other}`)
  }
})

test('Prometheus, Grafana and the balancer reach services by names and places that compose gives them', () => {
  const { scrape_configs } = parse(read('deploy/prometheus/prometheus.yml')) as {
    scrape_configs: { dns_sd_configs?: { names: string[] }[]; static_configs?: { targets: string[] }[] }[]
  }
  const hosts = scrape_configs.flatMap(({ dns_sd_configs = [], static_configs = [] }) => [
    ...dns_sd_configs.flatMap(({ names }) => names),
    ...static_configs.flatMap(({ targets }) => targets.map((target) => target.split(':')[0]!)),
  ])
  assert.ok(hosts.includes('fds-api'))
  for (const host of hosts) assert.ok(host === 'localhost' || compose.services[host], host)
  const { providers } = parse(read('deploy/grafana/provisioning/dashboards/fds.yml')) as {
    providers: { options: { path: string } }[]
  }
  const mounts = compose.services['grafana']!.volumes!.map((volume) => volume.split(':')[1])
  for (const { options } of providers) assert.ok(mounts.includes(options.path), options.path)
  assert.match(read('deploy/haproxy/haproxy.cfg'), /server-template \w+ \d+ fds-api:8000$/m)
})
