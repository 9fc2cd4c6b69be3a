import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The colour of Drydock: the water of a harbour. */
const harbor: MantineColorsTuple = [
  '#e6f8fb',
  '#d3eef3',
  '#a6dde7',
  '#76cbda',
  '#4fbccf',
  '#34b2c9',
  '#1795ac',
  '#0b7285',
  '#075d6d',
  '#024955',
];

/** A grey with a little of the sea in it; index 9 is the page in the dark. */
const dark: MantineColorsTuple = [
  '#d5dbe3',
  '#aab4c0',
  '#8b97a6',
  '#5c6877',
  '#3a4452',
  '#2b333f',
  '#222933',
  '#1a2028',
  '#141920',
  '#0e1217',
];

const gray: MantineColorsTuple = [
  '#f7f9fb',
  '#eff2f6',
  '#e3e8ee',
  '#d3dae3',
  '#b9c3cf',
  '#8f9cab',
  '#667384',
  '#4b5766',
  '#323c49',
  '#1c242e',
];

/** What all components share. Components that lock scrolling would write `<style>` elements: switched off. */
export const theme = createTheme({
  primaryColor: 'harbor',
  primaryShade: { light: 7, dark: 7 },
  colors: { harbor, dark, gray },
  fontFamily:
    '"Inter Variable", system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } },
  },
  cursorType: 'pointer',
  autoContrast: true,
  components: {
    Modal: { defaultProps: { lockScroll: false, centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    Drawer: { defaultProps: { lockScroll: false, position: 'right', overlayProps: { backgroundOpacity: 0.3 } } },
    Menu: { defaultProps: { shadow: 'md', withinPortal: true } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 420 } },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false, checkIconPosition: 'right' } },
  },
});
