import { useUrlState } from '../../app/url-state.ts';
import { type Choice, ChoicesMenu } from './choices-menu.tsx';

interface ChoiceFacetProps {
  readonly label: string;
  /** Name in the address: `levels`. */
  readonly name: string;
  readonly options: readonly Choice[];
}

/** Values that the address names: `high,low`. */
export function choicesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

/** Chooses values of a member of the query that is no field of the filter grammar; they are in the address by its name. */
export function ChoiceFacet({ label, name, options }: ChoiceFacetProps) {
  const [text, setText] = useUrlState(name);
  return (
    <ChoicesMenu
      label={label}
      options={options}
      chosen={choicesOf(text)}
      onChange={(values) => setText(values.join(','), { push: true })}
    />
  );
}
