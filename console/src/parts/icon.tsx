/** Paths on a grid of 16 × 16, drawn with a line of 1.5. */
const PATHS = {
  bell: 'M4 11.5h8M5 11.5V7a3 3 0 0 1 6 0v4.5M7 13.5h2M8 2.500v1.500',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  checks: 'M1.500 8.500L5 12l6-7.500M8.500 11.500l.5.5L15 4.500',
  cross: 'M4 4l8 8M12 4l-8 8',
  dash: 'M3.500 8h9',
  clock: 'M8 1.750a6.250 6.250 0 1 0 0 12.500 6.250 6.250 0 0 0 0-12.500zM8 4.500V8l2.500 1.500',
  warning: 'M8 2l6.500 11.500h-13zM8 6.250V9.500M8 11.500v.25',
  question:
    'M8 1.750a6.250 6.250 0 1 0 0 12.500 6.250 6.250 0 0 0 0-12.500zM6.250 6.500a1.750 1.750 0 1 1 2.500 1.600c-.5.250-.75.6-.75 1.150M8 11.250v.25',
  info: 'M8 1.750a6.250 6.250 0 1 0 0 12.500 6.250 6.250 0 0 0 0-12.500zM8 7.250v4M8 4.750v.25',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M4.500 3v10l8-5z',
  arrow: 'M2.500 8h11M9.500 4l4 4-4 4',
  down: 'M3.500 6l4.500 4.500L12.500 6',
  menu: 'M2 4h12M2 8h12M2 12h12',
  search: 'M7 2.250a4.750 4.750 0 1 0 0 9.500 4.750 4.750 0 0 0 0-9.500zM10.500 10.500L14 14',
  copy: 'M5.500 5.500h8v8h-8zM3.500 10.500h-1v-8h8v1',
  link: 'M9 3h4v4M13 3L7 9M11 9.500V13H3V5h3.500',
  refresh: 'M13 8a5 5 0 1 1-1.500-3.500L13 6M13 2.500V6H9.500',
  user: 'M8 2.250a2.750 2.750 0 1 0 0 5.500 2.750 2.750 0 0 0 0-5.500zM2.500 14c.5-3 2.750-4.250 5.500-4.250s5 1.250 5.500 4.250',
  phone: 'M4.500 1.750h7v12.500h-7zM7 12h2',
  call: 'M3 2.500h2.500L7 6 5.250 7.250a7 7 0 0 0 3.500 3.500L10 9l3.500 1.500V13c0 .5-.5 1-1 1C6.500 13.500 2.500 9.500 2 3.500c0-.5.5-1 1-1z',
  overview: 'M2 14V8.500M6 14V4M10 14V7M14 14V2',
  list: 'M5.500 4H14M5.500 8H14M5.500 12H14M2 4h.5M2 8h.5M2 12h.5',
  providers: 'M2.500 2.500h11v4.500h-11zM2.500 9h11v4.500h-11zM5 4.750h.5M5 11.250h.5',
  queues: 'M2 3.500h12M2 6.500h12M2 9.500h12M2 12.500h7',
  replay: 'M3 8a5 5 0 1 0 1.500-3.500L3 6M3 2.500V6h3.500',
  spend:
    'M8 1.750v12.500M11 4.500C10.500 3.250 9.500 3 8 3 6 3 5 4 5 5.300 5 8.500 11 7.200 11 10.500 11 12 9.800 13 8 13s-3-.75-3.250-2',
  rules: 'M2 4h6M12 4h2M2 12h2M8 12h6M10 2.250v3.500M6 10.250v3.500',
  audit: 'M3.500 1.750h9v12.500h-9zM6 5h4M6 8h4M6 11h2',
  settings:
    'M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M3.400 12.600l1.400-1.400M11.200 4.800l1.400-1.400',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  moon: 'M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z',
  half: 'M8 1.750a6.250 6.250 0 1 0 0 12.500 6.250 6.250 0 0 0 0-12.500zM8 2v12',
  logout: 'M6.500 2.500h-4v11h4M6 8h8M11 5l3 3-3 3',
  keyboard: 'M1.500 4h13v8.500h-13zM4 6.500h.5M6.500 6.500H7M9 6.500h.5M11.500 6.500h.5M5 10h6',
} as const;

export type IconName = keyof typeof PATHS;

/** A decoration beside a text: it has no name of its own. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
