export { createEstateSource } from './estate-source.ts';
