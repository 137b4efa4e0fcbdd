// Which browser, and how it is started: the system's Chromium, without its talk to the outside.

export const browser = {
  executablePath: process.env.ONEHOP_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
