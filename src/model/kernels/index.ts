export * from './gradient'
