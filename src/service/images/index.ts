export { createImageService } from './create-image-service.ts';
export type { ImageServiceDeps } from './ports.ts';
