import type { HtmlTagDescriptor, Plugin } from 'vite';

/** The part of the font that every language of the console uses. */
const wanted = /\/inter-latin-wght-normal-[\w-]+\.woff2$/;

/** Asks for the font together with the bundle: else it is asked for by the first text that is laid out, and text moves when it comes. */
export function preloadFont(): Plugin {
  return {
    name: 'drydock-preload-font',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }): HtmlTagDescriptor[] {
        return Object.keys(bundle)
          .map((file) => `/${file}`)
          .filter((file) => wanted.test(file))
          .map((href) => ({
            tag: 'link',
            attrs: { rel: 'preload', href, as: 'font', type: 'font/woff2', crossorigin: true },
            injectTo: 'head',
          }));
      },
    },
  };
}
