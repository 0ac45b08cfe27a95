const tab = (name) => async (page) => {
  await page.keyboard.press('Control+i')
  await page.click(`[role=tab][data-key=${name}]`)
}

/** The screens that are shown, and how to get to each. */
export const screens = [
  { name: 'first-run', scenario: 'first-run' },
  { name: 'first-run-de', scenario: 'first-run', language: 'de', themes: ['light'], act: async (page) => { await page.click('text=Ein eigenes Netzwerk'); await page.click('summary') } },
  {
    name: 'first-run-error',
    scenario: 'first-run',
    themes: ['dark'],
    size: [800, 980],
    act: async (page) => {
      await page.click('text=A network of your own')
      await page.fill('textarea', 'not an address')
      await page.click('text=Start chatting')
    }
  },
  { name: 'no-rooms', scenario: 'no-rooms', act: async (page) => { await page.waitForTimeout(1600) } },
  { name: 'empty-room', scenario: 'empty-room', themes: ['light'] },
  { name: 'room', scenario: 'full' },
  { name: 'room-de', scenario: 'full', language: 'de' },
  { name: 'room-menu', scenario: 'full', themes: ['light'], act: async (page) => { await page.click('.menu button') } },
  { name: 'emoji', scenario: 'full', act: async (page) => { await page.click('.composer [aria-expanded]'); await page.fill('#composer', 'Hello there') } },
  { name: 'join', scenario: 'full', act: async (page) => { await page.keyboard.press('Control+n'); await page.keyboard.type('two words'); await page.keyboard.press('Enter') } },
  { name: 'invite', scenario: 'full', themes: ['light'], act: async (page) => { await page.evaluate(() => window.fake.tell({ type: 'invite', link: 'nwaku-chat://other' })) } },
  { name: 'leave', scenario: 'full', themes: ['dark'], act: async (page) => { await page.click('.menu button'); await page.click('[role=menuitem].danger') } },
  { name: 'settings', scenario: 'full', act: async (page) => { await page.keyboard.press('Control+,') } },
  { name: 'settings-de', scenario: 'full', language: 'de', themes: ['dark'], size: [900, 1000], act: async (page) => { await page.keyboard.press('Control+,') } },
  { name: 'shortcuts', scenario: 'full', themes: ['light'], act: async (page) => { await page.keyboard.press('Control+/') } },
  { name: 'panel', scenario: 'full', size: [1400, 900], act: async (page) => { await page.keyboard.press('Control+i') } },
  { name: 'panel-de', scenario: 'full', language: 'de', themes: ['dark'], size: [1400, 1300], act: async (page) => { await page.keyboard.press('Control+i') } },
  { name: 'panel-peers', scenario: 'full', themes: ['light'], act: tab('peers') },
  { name: 'panel-events', scenario: 'full', act: tab('events') },
  { name: 'panel-log', scenario: 'full', themes: ['dark'], act: tab('log') },
  { name: 'panel-trouble', scenario: 'full', act: tab('trouble') },
  { name: 'panel-trouble-de', scenario: 'full', language: 'de', themes: ['light'], act: tab('trouble') },
  { name: 'offline', scenario: 'offline' },
  { name: 'restarting', scenario: 'restarting', themes: ['light'] },
  { name: 'failed', scenario: 'failed', themes: ['dark'] },
  { name: 'unread', scenario: 'unread' },
  { name: 'catching-up', scenario: 'catching-up', themes: ['light'] },
  { name: 'big', scenario: 'big', themes: ['light'] },
  { name: 'narrow', scenario: 'full', size: [420, 760] },
  { name: 'narrow-rooms', scenario: 'full', size: [420, 760], themes: ['dark'], act: async (page) => { await page.click('.sidebar-toggle') } },
  { name: 'narrow-panel', scenario: 'full', size: [420, 760], themes: ['light'], act: async (page) => { await page.keyboard.press('Control+i') } },
  { name: 'toast', scenario: 'full', themes: ['light', 'dark'], act: async (page) => { await page.click('.conversation-header > button:nth-of-type(2)') } }
]
