# The chat in the browser.

web-chat-title = Chat
web-chat-curator = { -curator } { $name }
web-chat-lines = Messages
web-chat-today = Today
web-chat-yesterday = Yesterday
web-chat-earlier = Earlier messages
web-chat-latest = To the latest messages
web-chat-you = You
web-chat-bot = Bot
web-chat-message = Message
web-chat-send = Send
web-chat-attach = Attach a file
web-chat-send-file = Send the file
web-chat-menu = Menu
web-chat-new = New message
web-chat-notify = Notify me
web-chat-offline = No connection
web-chat-offline-text = No message is lost: they appear here as soon as the connection is back.
web-chat-try-again = Try again

web-chat-code-title = Connect
web-chat-code = Activation code
web-chat-code-hint = The ten digits your { -curator } gave you
web-chat-code-missing = Enter your activation code
web-chat-connect = Connect
web-chat-too-many =
    { $minutes ->
        [one] Too many attempts. Try again in { $minutes } minute
       *[other] Too many attempts. Try again in { $minutes } minutes
    }

web-chat-device = Open on another device
web-chat-device-text = The same chat can be opened on another phone or computer. Show the link, open it there and confirm.
web-chat-show-link = Show the link
web-chat-invitation-text =
    { $minutes ->
        [one] Point the other phone's camera here or open the link. It works for { $minutes } minute and only once.
       *[other] Point the other phone's camera here or open the link. It works for { $minutes } minutes and only once.
    }
web-chat-copy-link = Copy the link
web-chat-others =
    { $count ->
        [one] The chat is open on { $count } other device.
       *[other] The chat is open on { $count } other devices.
    }
web-chat-forget-others = Close on other devices
web-chat-back = Back to the chat
web-chat-enter-title = The chat on this device
web-chat-enter-text = The chat that this link came from opens here. Confirm only if this device is yours.
web-chat-enter = Open the chat
web-chat-enter-gone = This link no longer works
web-chat-enter-gone-text = Ask for a new one on the device where the chat is open.
