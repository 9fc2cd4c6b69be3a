import { ActionIcon, Button, Menu, SegmentedControl, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import { IconHelp, IconLogout, IconSearch, IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { chooseLanguage, type Language } from '../../i18n/index.ts';
import classes from './shell.module.css';

interface TopBarProps {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

const command = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

/** Search, help, account and appearance. */
export function TopBar({ openPalette, openHelp }: TopBarProps) {
  const { t, i18n } = useTranslation('shell');
  const { me, signOut } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <header className={classes.top}>
      <button type="button" className={classes.searchButton} onClick={openPalette}>
        <IconSearch size={16} />
        <span>{t('palette.placeholder')}</span>
        <kbd>{command}</kbd>
      </button>
      <div className={classes.topRight}>
        <Tooltip label={t('user.shortcuts')}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('user.shortcuts')} onClick={openHelp}>
            <IconHelp size={19} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-end" width={260} closeOnItemClick={false}>
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconUserCircle size={19} stroke={1.6} />}
              aria-label={`${me.name}: ${t('user.menu')}`}
            >
              <bdi>{me.name}</bdi>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('user.theme')}</Menu.Label>
            <SegmentedControl
              fullWidth
              size="xs"
              m={6}
              aria-label={t('user.theme')}
              value={colorScheme}
              onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
              data={[
                { value: 'light', label: t('user.light') },
                { value: 'dark', label: t('user.dark') },
                { value: 'auto', label: t('user.system') },
              ]}
            />
            <Menu.Label>{t('user.language')}</Menu.Label>
            <SegmentedControl
              fullWidth
              size="xs"
              m={6}
              aria-label={t('user.language')}
              value={i18n.language}
              onChange={(value) => void chooseLanguage(value as Language)}
              data={[
                { value: 'en', label: 'English' },
                { value: 'zh', label: '简体中文' },
              ]}
            />
            <Menu.Divider />
            <Text size="xs" c="dimmed" px={12} py={4}>
              {me.grants.map(({ policy }) => policy).join(', ')}
            </Text>
            <Menu.Item closeMenuOnClick leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
              {t('user.signOut')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </header>
  );
}
