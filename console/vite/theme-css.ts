import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import type { Plugin } from 'vite';
import { theme } from '../src/theme/theme.ts';

const name = 'virtual:theme.css';

/**
 * The variables of the theme as a style sheet. Mantine would write them into a `<style>` element while it runs, which
 * the content security policy refuses.
 */
export function themeCss(): Plugin {
  return {
    name: 'drydock-theme-css',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const variables = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
      return convertCssVariables(variables, ':root');
    },
  };
}
