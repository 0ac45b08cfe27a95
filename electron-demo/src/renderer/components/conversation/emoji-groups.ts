const split = (list: string): readonly string[] => list.split(' ')

/** The emoji at hand; the system's own picker has the rest. */
export const emojiGroups = {
  faces: split('😀 😄 😂 🙂 😉 😊 😍 😘 😎 🤔 😐 😴 😮 😢 😭 😡 😱 🥳 🤗 🤓 😇 😬 🙄 🤯 🥲 😅 🤷'),
  hands: split('👍 👎 👋 👏 🙌 🙏 💪 🤝 👌 ✌️ 🤞 👀 ❤️ 🧡 💛 💚 💙 💜'),
  things: split('🎉 🔥 ✨ ⭐ ✅ ❌ ❓ ❗ 💡 🚀 🐛 🛠️ 📎 📌 ☕ 🍕 🎂 🌈')
} as const
