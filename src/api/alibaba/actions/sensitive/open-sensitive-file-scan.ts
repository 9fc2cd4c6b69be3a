import { action } from '../../action.ts';
import { choice } from '../../schema/parameter.ts';
import { successEnvelope } from '../../views/envelope.ts';

/** Turns the search for sensitive files on or off; without a value it tells how it stands. */
export const openSensitiveFileScan = action({
  name: 'OpenSensitiveFileScan',
  level: 'write',
  tier: 2,
  summary: 'turns the search for sensitive files on or off',
  parameters: { SwitchOn: choice('on', 'off') },
  run: async ({ SwitchOn }, { services: { risks }, call }) => {
    const on = await (SwitchOn === undefined
      ? risks.sensitiveScan(call)
      : risks.setSensitiveScan(call, SwitchOn === 'on'));
    return { ...successEnvelope, Data: { SwitchOn: on ? 'on' : 'off' } };
  },
});
